/*
title = "Reliable improvement by the clinic's own spread"
question = "Would another threshold, from this clinic's own first scores, change the answer?"
formula = "Episodes whose latest score is better than the first by more than 1.96·SD·√2·√(1 − r) points, over all episodes with a baseline and a follow-up due. SD is that of all first scores of this warehouse up to the frozen date, r the published retest reliability."
unit = "share"
higher_is = "better"
statistic = "bounds"
spec = ["OUT-03"]
source = "OUT-03, decision 12; Jacobson and Truax 1991 [S54]; retest reliability PHQ-9 .84, GAD-7 .83 [R]"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "The category names the threshold and its date. It needs 100 first scores up to that date, whatever the filters. A reliable change index is not two standard errors of measurement."
warning = "A sensitivity row beside reliable improvement, whose threshold is fixed and published; never in its place. Change during treatment is not an effect of treatment."
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
shared = "phq_or_gad"

[parameters.frozen_on]
type = "text"
default = "2025-12-31"
label = "First scores up to (date)"

[options]
event = "improved"
*/
-- One row per compared group.
with threshold as (
  -- One row: from every first score up to the frozen date, so that no filter moves it.
  select
    case when count(*) >= 100 then 1.96 * stddev_samp(score.score) * sqrt(2 * (1 - any_value(instrument.retest_reliability))) end
      as points
  from mart.score as score
  join mart.instrument as instrument on instrument.instrument = score.instrument
  where score.instrument = $instrument
    and score.is_baseline
    and score.assessed_date <= try_cast($frozen_on as date)
),
due as (
  -- One row per episode with a baseline for which a later score was due.
  select selected_episode.group_name, pair.is_paired, pair.is_paired and pair.improvement > threshold.points as has_event
  from selected_episode
  join mart.score_pair as pair on pair.episode_id = selected_episode.episode_id
  cross join threshold
  where pair.instrument = $instrument
    and pair.is_due
    and selected_episode.day_zero between $date_from and $date_to
)
select
  group_name,
  coalesce(format('more than {:.2f} points, frozen on {}', any_value(threshold.points), $frozen_on), '') as category,
  count(*) filter (where has_event) as numerator,
  count(*) filter (where is_paired) as observed,
  count(*) as denominator,
  case when any_value(threshold.points) is null then 'not defined: fewer than 100 first scores up to ' || $frozen_on end
    as unavailable
from due
cross join threshold
group by group_name
order by group_name
