/*
title = "Two visits a month for three months"
question = "How many new patients have at least two visits in each of the first three 30-day periods?"
formula = "New episodes of substance use treatment with at least two days of attended outpatient visits in each of days 0–29, 30–59 and 60–89, over all that could be followed for 90 days; deaths within them excluded."
unit = "share"
higher_is = "better"
statistic = "proportion"
spec = ["RET-06"]
source = "RET-06, after the continuity measure of the US Department of Veterans Affairs"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "New: not a return within 2 to 30 days at the same level of care. Visits: days with an attended clinical service at any outpatient, intensive outpatient or partial hospitalization episode of the person for substance use or co-occurring disorders, so a step down counts on. Visits elsewhere are not seen. Nobody is missing."
warning = "Meeting this measure was not associated with patients' improvement, and at facility level the association was negative: it describes care and does not judge it."
exclusions = [
  "never_started",
  "starts_after_cut",
  "not_substance_use",
  { when = "episode.is_readmission", because = "A return within 2 to 30 days: not a new episode", detail = "Admitted on {episode.admission_date}, within 2 to 30 days of the last exit: not a new episode" },
  "outside_dates",
  { name = "too_recent", days = "89" },
  { when = "episode.exit_class = 'died' and episode.exit_day < 90", because = "Died within the 90 days", detail = "Died on day {episode.exit_day}, within the 90 days" },
]
*/
-- One row per compared group.
with followed as (
  select group_name, episode_id, patient_id, day_zero
  from selected_episode
  where is_started
    and program in ('SUD', 'COD')
    and not is_readmission
    and day_zero between $date_from and $date_to
    and day_zero + 89 <= $analysis_cut
    and not coalesce(exit_class = 'died' and exit_day < 90, false)
),
visit as (
  select distinct episode.patient_id, service_day.service_date
  from mart.service_day as service_day
  join mart.episode as episode on episode.episode_id = service_day.episode_id
  where episode.program in ('SUD', 'COD')
    and episode.level_of_care in ('OP', 'IOP', 'PHP')
),
visited as (
  select
    followed.group_name,
    followed.episode_id,
    count(*) filter (where service_date < day_zero + 30) as first_period,
    count(*) filter (where service_date between day_zero + 30 and day_zero + 59) as second_period,
    count(*) filter (where service_date >= day_zero + 60) as third_period
  from followed
  left join visit
    on visit.patient_id = followed.patient_id
    and visit.service_date between followed.day_zero and followed.day_zero + 89
  group by followed.group_name, followed.episode_id
)
select
  group_name,
  count(*) filter (where least(first_period, second_period, third_period) >= 2) as numerator,
  count(*) as denominator,
  0 as missing_n
from visited
group by group_name
order by group_name
