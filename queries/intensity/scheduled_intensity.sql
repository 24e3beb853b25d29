/*
title = "Weeks with enough hours scheduled"
question = "In how many weeks did the program offer the hours that define intensive outpatient care?"
formula = "Eligible patient-weeks with at least the target of scheduled clinical hours (9 for adults, 6 for adolescents; without those that the program cancelled), over all eligible patient-weeks."
unit = "share"
higher_is = "better"
statistic = "cluster_ratio"
spec = ["INT-05"]
source = "INT-05; ASAM 2.1 (3rd edition)"
reviewed = "not clinically reviewed"
dated_by = "week"
unit_of_analysis = "patient-week"
axis = "none"
notes = "Read beside the weeks on target: it separates what the program did not offer from what people did not attend. Persons are the clusters of the interval. Missing n: sessions without a schedule, whose hours nobody can count as offered."
exclusions = [
  "never_started",
  "starts_after_cut",
  "no_full_week",
  "no_full_week_in_dates",
]
evidence = "weeks"
*/
-- One row per compared group.
with person as (
  -- One row per group and person.
  select
    selected_episode.group_name,
    selected_episode.patient_id,
    count(*) filter (where episode_week.scheduled_hours >= episode_week.target_hours) as offered,
    count(*) as weeks,
    sum(episode_week.unscheduled_sessions) as missing_n
  from selected_episode
  join mart.episode_week as episode_week on episode_week.episode_id = selected_episode.episode_id
  where episode_week.is_eligible
    and episode_week.week_start between $date_from and $date_to
  group by selected_episode.group_name, selected_episode.patient_id
)
select
  group_name,
  '' as category,
  sum(offered) as numerator,
  sum(weeks) as denominator,
  count(*) as clusters,
  sum(offered * offered) as sum_yy,
  sum(offered * weeks) as sum_yn,
  sum(weeks * weeks) as sum_nn,
  sum(missing_n) as missing_n
from person
group by group_name
order by group_name
