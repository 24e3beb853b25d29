/*
title = "Recovery"
question = "Of those who began as a clinical case, how many no longer are?"
formula = "Episodes at or beyond the clinical cut-off at baseline and no longer at the latest score, over all episodes beyond it at baseline with a follow-up due."
unit = "share"
higher_is = "better"
statistic = "bounds"
spec = ["OUT-05"]
source = "OUT-05; NHS Talking Therapies (here one instrument at a time, and everybody with a baseline in the denominator)"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "The first rate counts missing follow-up as not recovered; beside it are those followed up and both bounds. Below 60 % follow-up only the bounds are given."
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
event = "recovered"
*/
-- One row per compared group.
with due as (
  -- One row per episode with a baseline beyond the clinical cut-off for which a later score was due.
  select
    selected_episode.group_name,
    pair.is_paired,
    pair.is_paired and pair.is_recovered as has_event,
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
