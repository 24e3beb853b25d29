/*
title = "Episodes on target in most weeks"
question = "How many episodes get the target hours week after week?"
formula = "Episodes with at least 75 % of their eligible weeks on target (9 attended clinical hours, 6 for adolescents), over all episodes with at least two eligible weeks."
unit = "share"
higher_is = "better"
statistic = "proportion"
spec = ["INT-03"]
source = "INT-03; 75 % is a design choice; ASAM 2.1 (3rd edition)"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "Eligible weeks: Monday to Sunday, in care on all seven days, ended by the analysis cut-off; an episode that is open counts with its weeks so far. People who leave before their second eligible week are not in the denominator: read beside early dropout. Missing n: episodes with an attended session without times, which counts 0 hours."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "no_full_week",
  { when = "weeks.full_weeks = 1", because = "Only one full week in care", detail = "Only one full week in care: {weeks.left_out}" },
]
evidence = "{weeks.on_target} of {weeks.full_weeks} full weeks on target"

[parameters.share_of_weeks]
type = "number"
default = 0.75
label = "Share of the weeks that must be on target"
*/
-- One row per compared group.
with episode as (
  -- One row per group and episode with two eligible weeks or more.
  select
    selected_episode.group_name,
    selected_episode.episode_id,
    count(*) as weeks,
    count(*) filter (where episode_week.attended_hours >= episode_week.target_hours) as reached,
    sum(episode_week.missing_minutes_sessions) as missing_minutes_sessions
  from selected_episode
  join mart.episode_week as episode_week on episode_week.episode_id = selected_episode.episode_id
  where episode_week.is_eligible
    and selected_episode.day_zero between $date_from and $date_to
  group by selected_episode.group_name, selected_episode.episode_id
  having count(*) >= 2
)
select
  group_name,
  '' as category,
  count(*) filter (where reached >= $share_of_weeks * weeks) as numerator,
  count(*) as denominator,
  count(*) filter (where missing_minutes_sessions > 0) as missing_n
from episode
group by group_name
order by group_name
