/*
title = "Days under a current certification"
question = "On how many days in care is there a certification that nine hours a week are needed?"
formula = "Days in care, from day 0 to the exit or the analysis cut-off, that fall within 60 days of a certification of at least nine hours a week, over all days in care."
unit = "share"
higher_is = "better"
statistic = "cluster_ratio"
spec = ["INT-15"]
source = "INT-15; Medicare: a need of at least nine hours a week, determined no less than every other month [S3][S5]"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "day in care"
notes = "Medicare's patients, unless you choose all payers. A certification counts from its own day on: days before a late one are without. One that names no hours does not count. Missing n: days of episodes that have no certification at all. Persons are the clusters of the interval."
warning = "What is on record, not what an auditor would accept: signatures, plans of care and the reasons given are not looked at."
exclusions = [
  { when = "not exists (select 1 from core.certifications)", because = "No certification is exported" },
  "never_started",
  "starts_after_cut",
  "outside_dates",
  { when = "$payers = 'medicare' and episode.payer is distinct from 'medicare'", because = "Not a patient of Medicare", detail = "The payer is {coalesce(episode.payer, 'not recorded')}, not Medicare" },
]
evidence = "in care for {episode.time_days + 1} days"

[parameters.payers]
type = "text"
default = "medicare"
label = "Payers"
choices = ["medicare", "all"]
*/
-- One row per compared group.
with in_care as (
  select group_name, episode_id, patient_id, day_zero, day_zero + time_days as last_day, time_days + 1 as days
  from selected_episode
  where is_started
    and day_zero between $date_from and $date_to
    and ($payers = 'all' or payer = 'medicare')
),
certified as (
  -- One row per certification: its days within the stay, less those that an earlier one covers.
  select
    in_care.episode_id,
    greatest(
      0,
      least(last_day, certified_date + 59)
        - greatest(
          day_zero,
          certified_date,
          max(certified_date + 60) over (
            partition by in_care.episode_id order by certified_date, certification_id
            rows between unbounded preceding and 1 preceding
          )
        ) + 1
    ) as days
  from in_care
  join mart.episode_part as part on part.episode_id = in_care.episode_id
  join core.certifications as certifications on certifications.episode_id = part.part_id
  where certified_hours_per_week >= 9
),
covered as (
  select episode_id, sum(days) as days
  from certified
  group by episode_id
),
known as (
  select distinct part.episode_id
  from core.certifications as certifications
  join mart.episode_part as part on part.part_id = certifications.episode_id
),
person as (
  select
    in_care.group_name,
    in_care.patient_id,
    sum(coalesce(covered.days, 0)) as covered_days,
    sum(in_care.days) as days,
    sum(in_care.days) filter (where known.episode_id is null) as days_without
  from in_care
  left join covered on covered.episode_id = in_care.episode_id
  left join known on known.episode_id = in_care.episode_id
  group by in_care.group_name, in_care.patient_id
)
select
  group_name,
  sum(covered_days) as numerator,
  sum(days) as denominator,
  count(*) as clusters,
  sum(covered_days * covered_days) as sum_yy,
  sum(covered_days * days) as sum_yn,
  sum(days * days) as sum_nn,
  coalesce(sum(days_without), 0) as missing_n
from person
-- A clinic that exports no certification has not failed to certify.
where exists (select 1 from core.certifications)
group by group_name
order by group_name
