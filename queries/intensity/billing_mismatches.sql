/*
title = "Billed and attended"
question = "In how many billed weeks do the bills not agree with the care that was attended?"
formula = "Patient-weeks with an intensive outpatient bill that have the mismatch, over all patient-weeks with such a bill: a day billed without attendance, a day billed twice, a billed day with fewer than three hours; and more hours attended than authorised, over those with an authorisation."
unit = "share"
higher_is = "worse"
statistic = "cluster_ratio"
spec = ["INT-01"]
source = "INT-01; H0015: at least three hours a day"
reviewed = "not clinically reviewed"
dated_by = "week"
unit_of_analysis = "patient-week"
axis = "category"
notes = "Persons are the clusters of the interval. A line that bills several days at once does not say which: its days are held against the days attended in its week. Missing n: attended sessions without times in these weeks, which count 0 hours."
warning = "A mismatch is a reason to look, not a finding: late notes, corrected claims and missing times cause many."
exclusions = [
  { when = "bills.episode_id is null", because = "No intensive outpatient care was billed up to the analysis cut-off" },
  { when = "bills.dated = 0", because = "No billed week within the chosen dates" },
]

[options]
nested = true
*/
-- One row per compared group and kind of mismatch.
with billed as (
  -- One row per group, person and billed week.
  select
    selected_episode.group_name,
    selected_episode.patient_id,
    billed.unattended_days,
    billed.duplicate_days,
    billed.short_days,
    week.attended_hours,
    week.authorized_hours,
    coalesce(week.missing_minutes_sessions, 0) as missing_n
  from selected_episode
  join mart.billed_week as billed on billed.episode_id = selected_episode.episode_id
  left join mart.episode_week as week
    on week.episode_id = billed.episode_id and week.week_start = billed.week_start
  where billed.week_start between $date_from and $date_to
),
person as (
  select
    group_name,
    patient_id,
    unnest([
      {'place': 1, 'category': 'a day billed without attendance', 'y': count(*) filter (where unattended_days > 0),
        'n': count(*), 'missing_n': sum(missing_n)},
      {'place': 2, 'category': 'a day billed twice', 'y': count(*) filter (where duplicate_days > 0),
        'n': count(*), 'missing_n': 0},
      {'place': 3, 'category': 'a billed day with fewer than three hours',
        'y': count(*) filter (where short_days > 0), 'n': count(*), 'missing_n': sum(missing_n)},
      {'place': 4, 'category': 'more hours than authorised',
        'y': count(*) filter (where attended_hours > authorized_hours),
        'n': count(*) filter (where authorized_hours is not null),
        'missing_n': coalesce(sum(missing_n) filter (where authorized_hours is not null), 0)}
    ], recursive := true)
  from billed
  group by group_name, patient_id
)
select
  group_name,
  category,
  sum(y) as numerator,
  sum(n) as denominator,
  count(*) filter (where n > 0) as clusters,
  sum(y * y) as sum_yy,
  sum(y * n) as sum_yn,
  sum(n * n) as sum_nn,
  sum(missing_n) as missing_n
from person
group by group_name, place, category
having sum(n) > 0
order by group_name, place
