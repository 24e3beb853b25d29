/*
title = "Weeks on target"
question = "In how many weeks do people attend the hours that define intensive outpatient care?"
formula = "Eligible patient-weeks with at least the target of attended clinical hours (9 for adults, 6 for adolescents), over all eligible patient-weeks."
unit = "share"
higher_is = "better"
statistic = "cluster_ratio"
spec = ["INT-02"]
source = "INT-02; ASAM 2.1 (3rd edition)"
reviewed = "not clinically reviewed"
dated_by = "week"
unit_of_analysis = "patient-week"
axis = "none"
notes = "Persons are the clusters of the interval. Pro rata adds the first and last week, with the target of the days in care. Missing n: attended sessions without times, which count 0."
exclusions = [
  "never_started",
  "starts_after_cut",
  { name = "no_full_week", when = "$weeks = 'full weeks' and coalesce(weeks.full_weeks, 0) = 0" },
  { name = "no_full_week_in_dates", when = "$weeks = 'full weeks' and weeks.dated_weeks = 0" },
  { when = "episode.open_until < $date_from or date_trunc('week', episode.day_zero) > $date_to or date_trunc('week', episode.open_until) < $date_from", because = "No week in care begins within the chosen dates" },
]
evidence = "{if($weeks = 'full weeks' and weeks.left_out is not null, 'left out: ' || weeks.left_out, '')}"

[parameters.weeks]
type = "text"
default = "full weeks"
label = "Weeks"
choices = ["full weeks", "partial weeks pro rata"]
*/
-- One row per compared group.
with person as (
  -- One row per group and person.
  select
    selected_episode.group_name,
    selected_episode.patient_id,
    count(*) filter (
      where episode_week.attended_hours >= episode_week.target_hours * episode_week.open_days / 7
    ) as reached,
    count(*) as weeks,
    sum(episode_week.missing_minutes_sessions) as missing_n
  from selected_episode
  join mart.episode_week as episode_week on episode_week.episode_id = selected_episode.episode_id
  where (episode_week.is_eligible or $weeks = 'partial weeks pro rata')
    and episode_week.week_start between $date_from and $date_to
  group by selected_episode.group_name, selected_episode.patient_id
)
select
  group_name,
  '' as category,
  sum(reached) as numerator,
  sum(weeks) as denominator,
  count(*) as clusters,
  sum(reached * reached) as sum_yy,
  sum(reached * weeks) as sum_yn,
  sum(weeks * weeks) as sum_nn,
  sum(missing_n) as missing_n
from person
group by group_name
order by group_name
