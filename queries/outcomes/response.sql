/*
title = "Response"
question = "Of those who began as a clinical case, how many improved by half?"
formula = "Episodes whose latest score is at least 50 % better than the first, over all episodes beyond the clinical cut-off at baseline with a follow-up due."
unit = "share"
higher_is = "better"
statistic = "bounds"
spec = ["OUT-07"]
source = "OUT-07; direction-aware by decision 12"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "The first rate counts missing follow-up as not responding; beside it are those followed up and both bounds. Below 60 % follow-up only the bounds are given."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "not_used",
  "no_first_score",
  "not_due",
  "not_a_case",
]
evidence = "scores"

[parameters.instrument]

[options]
event = "responded"
*/
-- One row per compared group.
with due as (
  -- One row per episode with a baseline beyond the clinical cut-off for which a later score was due.
  select
    selected_episode.group_name,
    pair.is_paired,
    pair.is_paired and pair.is_response as has_event,
    instrument.caseness is null as is_undefined
  from selected_episode
  join mart.score_pair as pair on pair.episode_id = selected_episode.episode_id
  join mart.instrument as instrument on instrument.instrument = pair.instrument
  where pair.instrument = $instrument
    and pair.is_due
    and (pair.is_case_at_baseline or instrument.caseness is null)
    and selected_episode.day_zero between $date_from and $date_to
)
select
  group_name,
  '' as category,
  count(*) filter (where has_event) as numerator,
  count(*) filter (where is_paired) as observed,
  count(*) as denominator,
  case when bool_and(is_undefined) then 'not defined: there is no clinical cut-off for ' || $instrument end as unavailable
from due
group by group_name
order by group_name
