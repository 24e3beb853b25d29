/*
title = "Clinical hours a week"
question = "How many clinical hours a week do people attend?"
formula = "Attended clinical hours of each eligible patient-week: the actual minutes, at most those scheduled, overlaps counted once. A week in care without a service is 0 hours."
unit = "hours"
higher_is = "neutral"
statistic = "distribution"
spec = ["INT-01"]
source = "INT-01, decision 8; ASAM 2.1 asks for 9 to under 20 hours (adolescents from 6)"
reviewed = "not clinically reviewed"
dated_by = "week"
unit_of_analysis = "patient-week"
axis = "none"
notes = "Eligible weeks: Monday to Sunday, in care on all seven days, ended by the analysis cut-off. Missing n: attended sessions without times. Persons are the clusters of the intervals."
exclusions = [
  "never_started",
  "starts_after_cut",
  "no_full_week",
  "no_full_week_in_dates",
]
evidence = "weeks"

[parameters.missing_minutes]
*/
-- One row per compared group and number of hours.
with week as (
  select
    selected_episode.group_name,
    selected_episode.patient_id,
    if($missing_minutes = 'count 0', episode_week.attended_hours, episode_week.attended_hours_upper) as amount,
    episode_week.missing_minutes_sessions
  from selected_episode
  join mart.episode_week as episode_week on episode_week.episode_id = selected_episode.episode_id
  where episode_week.is_eligible
    and episode_week.week_start between $date_from and $date_to
),
person as (
  select group_name, sum(amount) as hours, count(*) as weeks
  from week
  group by group_name, patient_id
),
compared as (
  select
    group_name,
    count(*) as clusters,
    sum(hours * hours) as sum_yy,
    sum(hours * weeks) as sum_yn,
    sum(weeks * weeks) as sum_nn
  from person
  group by group_name
)
select
  week.group_name,
  '' as category,
  week.amount,
  count(*) as weight,
  sum(week.missing_minutes_sessions) as missing_n,
  any_value(compared.clusters) as clusters,
  any_value(compared.sum_yy) as sum_yy,
  any_value(compared.sum_yn) as sum_yn,
  any_value(compared.sum_nn) as sum_nn
from week
join compared on compared.group_name = week.group_name
group by week.group_name, week.amount
order by week.group_name, week.amount
