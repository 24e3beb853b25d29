/*
title = "Completion"
question = "How many complete treatment?"
formula = "Completed (TEDS reason 1), and completed or transferred (reasons 1 and 4), over all closed episodes, and over all who started long enough ago."
unit = "share"
higher_is = "better"
statistic = "proportion"
spec = ["RET-11"]
source = "RET-11; TEDS-D"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
notes = "Missing n: closed with no reason recorded; they count as not completed."
warning = "Closed episodes over-represent short stays while people are still in care: read both versions."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  { when = "not episode.is_closed and episode.day_zero + $followed_days > $analysis_cut", because = "Still in care, and started less than {$followed_days} days before the analysis cut-off", detail = "Still in care on day {episode.time_days}, less than {$followed_days} days after the start on {episode.day_zero}" },
]
evidence = "{if(episode.cause = 'open', 'in care', episode.exit_reason)} on day {episode.time_days}{if(episode.is_closed, '', '; not among closed episodes')}{if(episode.day_zero + $followed_days > $analysis_cut, '; not among all who started, followed less than ' || $followed_days || ' days', '')}"

[parameters.followed_days]
type = "integer"
default = 180
label = "Started at least this many days before the cut-off (all who started)"

[options]
nested = true
*/
-- One row per compared group and version of the rate.
with started as (
  select
    group_name,
    is_closed,
    day_zero + $followed_days <= $analysis_cut as is_followed,
    is_closed and exit_class = 'completed' as is_completed,
    is_closed and exit_class in ('completed', 'step_down', 'lateral', 'step_up') as is_completed_or_transferred,
    cause = 'unknown' as is_unknown
  from selected_episode
  where is_started
    and day_zero between $date_from and $date_to
),
version (place, category, is_cohort, with_transfers) as (
  values
    (1, 'completed, of closed episodes', false, false),
    (2, 'completed or transferred, of closed episodes', false, true),
    (3, 'completed, of all who started', true, false),
    (4, 'completed or transferred, of all who started', true, true)
)
select
  group_name,
  category,
  count(*) filter (where if(with_transfers, is_completed_or_transferred, is_completed)) as numerator,
  count(*) as denominator,
  count(*) filter (where is_unknown) as missing_n
from started
cross join version
where if(is_cohort, is_followed, is_closed)
group by group_name, place, category
order by group_name, place
