/*
title = "Reliable improvement"
question = "How many improved by more than measurement error?"
formula = "Episodes whose latest score is better than the first by at least the instrument's reliable change, over all episodes with a baseline and a follow-up due."
unit = "share"
higher_is = "better"
statistic = "bounds"
spec = ["OUT-03"]
source = "OUT-03; Jacobson and Truax 1991; thresholds in the instrument table"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "The first rate counts missing follow-up as not improved; beside it are those followed up and both bounds. Below 60 % follow-up only the bounds are given."
warning = "Change during treatment. Without a comparison it is not an effect of treatment."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "not_used",
  "no_first_score",
  "not_due",
]
evidence = "scores"

[parameters.instrument]

[options]
event = "improved"
*/
-- One row per compared group.
with due as (
  -- One row per episode with a baseline for which a later score was due.
  select
    selected_episode.group_name,
    pair.is_paired,
    pair.is_paired and pair.is_reliably_improved as has_event,
    pair.reliable_change is null as is_undefined
  from selected_episode
  join mart.score_pair as pair on pair.episode_id = selected_episode.episode_id
  where pair.instrument = $instrument
    and pair.is_due
    and selected_episode.day_zero between $date_from and $date_to
)
select
  group_name,
  '' as category,
  count(*) filter (where has_event) as numerator,
  count(*) filter (where is_paired) as observed,
  count(*) as denominator,
  case when bool_and(is_undefined) then 'not defined: no reliable change is published for ' || $instrument end as unavailable
from due
group by group_name
order by group_name
