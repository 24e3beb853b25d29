/*
title = "Clinical hours by week of care"
question = "How do attended hours change from week to week in care?"
formula = "Attended clinical hours of each eligible patient-week, by the number of the week since day 0. A week in care without a service is 0 hours."
unit = "hours"
higher_is = "neutral"
statistic = "distribution"
spec = ["INT-01"]
source = "INT-01, decision 8"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "patient-week"
axis = "step"
notes = "Week 1 is the first full week, Monday to Sunday, in care. Later weeks hold only those still in care. Missing n: attended sessions without times, which count 0. Persons are the clusters of the intervals."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "no_full_week",
]

[options]
nested_steps = ["denominator"]
*/
-- One row per compared group, week of care and number of hours.
with week as (
  select
    selected_episode.group_name,
    selected_episode.patient_id,
    episode_week.week_of_care as step,
    episode_week.attended_hours as amount,
    episode_week.missing_minutes_sessions
  from selected_episode
  join mart.episode_week as episode_week on episode_week.episode_id = selected_episode.episode_id
  where episode_week.is_eligible
    and selected_episode.day_zero between $date_from and $date_to
),
person as (
  -- Somebody with two episodes has each week of care twice.
  select group_name, step, sum(amount) as hours, count(*) as weeks
  from week
  group by group_name, step, patient_id
),
compared as (
  select
    group_name,
    step,
    count(*) as clusters,
    sum(hours * hours) as sum_yy,
    sum(hours * weeks) as sum_yn,
    sum(weeks * weeks) as sum_nn
  from person
  group by group_name, step
)
select
  week.group_name,
  '' as category,
  week.step,
  week.amount,
  count(*) as weight,
  sum(week.missing_minutes_sessions) as missing_n,
  any_value(compared.clusters) as clusters,
  any_value(compared.sum_yy) as sum_yy,
  any_value(compared.sum_yn) as sum_yn,
  any_value(compared.sum_nn) as sum_nn
from week
join compared on compared.group_name = week.group_name and compared.step = week.step
group by week.group_name, week.step, week.amount
order by week.group_name, week.step, week.amount
