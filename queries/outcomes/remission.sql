/*
title = "Remission"
question = "Of those who began as a clinical case, how many are almost without symptoms?"
formula = "Episodes whose latest score is below the remission score (PHQ-9 below 5), over all episodes beyond the clinical cut-off at baseline with a follow-up due."
unit = "share"
higher_is = "better"
statistic = "bounds"
spec = ["OUT-08"]
source = "OUT-08; the window is the episode, so this is not the CMS measure of 12 months"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "The first rate counts missing follow-up as not in remission; beside it are those followed up and both bounds. Below 60 % follow-up only the bounds are given."
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
event = "reached remission"
*/
-- One row per compared group.
with due as (
  -- One row per episode with a baseline beyond the clinical cut-off for which a later score was due.
  select
    selected_episode.group_name,
    pair.is_paired,
    pair.is_paired and pair.is_remission as has_event,
    instrument.remission_below is null as is_undefined
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
  case when bool_and(is_undefined) then 'not defined: no remission score is published for ' || $instrument end as unavailable
from due
group by group_name
order by group_name
