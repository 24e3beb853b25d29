/*
title = "Weeks on target, by month"
question = "Does the share of weeks with enough hours change from month to month?"
formula = "Eligible patient-weeks with at least the target of attended clinical hours (9 for adults, 6 for adolescents), over all eligible patient-weeks, by the month of their Monday."
unit = "share"
higher_is = "better"
statistic = "cluster_ratio"
spec = ["INT-02"]
source = "INT-02; ASAM 2.1 (3rd edition)"
reviewed = "not clinically reviewed"
dated_by = "week"
unit_of_analysis = "patient-week"
axis = "period"
notes = "Persons are the clusters of the interval. Missing n: attended sessions without times, which count 0."
exclusions = [
  "never_started",
  "starts_after_cut",
  "no_full_week",
  "no_full_week_in_dates",
]
*/
-- One row per compared group and month.
with person as (
  -- One row per group, month and person.
  select
    selected_episode.group_name,
    date_trunc('month', episode_week.week_start)::date as period,
    selected_episode.patient_id,
    count(*) filter (where episode_week.attended_hours >= episode_week.target_hours) as reached,
    count(*) as weeks,
    sum(episode_week.missing_minutes_sessions) as missing_n
  from selected_episode
  join mart.episode_week as episode_week on episode_week.episode_id = selected_episode.episode_id
  where episode_week.is_eligible
    and episode_week.week_start between $date_from and $date_to
  group by selected_episode.group_name, period, selected_episode.patient_id
)
select
  group_name,
  '' as category,
  period,
  sum(reached) as numerator,
  sum(weeks) as denominator,
  count(*) as clusters,
  sum(reached * reached) as sum_yy,
  sum(reached * weeks) as sum_yn,
  sum(weeks * weeks) as sum_nn,
  sum(missing_n) as missing_n
from person
group by group_name, period
order by group_name, period
