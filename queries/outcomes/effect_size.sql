/*
title = "Size of the change"
question = "How large is the change, in standard deviations of the first scores?"
formula = "Mean improvement from the first to the latest score over the standard deviation of the first scores, with the small-sample correction, over episodes with both."
unit = "standard deviations"
higher_is = "better"
statistic = "standardised_change"
spec = ["OUT-12"]
source = "OUT-12; Becker 1988, Morris 2008 (standardised mean change, raw-score standardisation)"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "Positive is better on every instrument. Missing n: a follow-up was due and there is none. The interval uses the correlation of the two scores; below three pairs there is none. Versions of an instrument are never pooled."
warning = "A paired size among those followed up: it holds regression to the mean and the wish to be well, and is not an effect of treatment. Never compare it with a size between groups."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "not_used",
  "no_first_score",
  "not_due",
  "not_followed_up",
]
evidence = "scores"

[parameters.instrument]

[options]
followed = "have a follow-up score"
*/
-- One row per compared group, and per version of the instrument where several were used.
with due as (
  -- One row per episode with a baseline for which a later score was due.
  select
    selected_episode.group_name,
    coalesce(pair.instrument_version, 'version not recorded') as version,
    pair.is_paired,
    pair.baseline_score as first_score,
    pair.latest_score,
    if(instrument.higher_is = 'worse', -1, 1) as direction
  from selected_episode
  join mart.score_pair as pair on pair.episode_id = selected_episode.episode_id
  join mart.instrument as instrument on instrument.instrument = pair.instrument
  where pair.instrument = $instrument
    and pair.is_due
    and selected_episode.day_zero between $date_from and $date_to
),
versions as (
  select count(distinct version) > 1 as are_several
  from due
)
select
  group_name,
  case when are_several then version else '' end as category,
  count(*) filter (where is_paired) as n,
  coalesce(sum(first_score) filter (where is_paired), 0) as sum_x,
  coalesce(sum(first_score * first_score) filter (where is_paired), 0) as sum_xx,
  coalesce(sum(latest_score) filter (where is_paired), 0) as sum_y,
  coalesce(sum(latest_score * latest_score) filter (where is_paired), 0) as sum_yy,
  coalesce(sum(first_score * latest_score) filter (where is_paired), 0) as sum_xy,
  any_value(direction) as direction,
  count(*) filter (where not is_paired) as missing_n
from due
cross join versions
group by group_name, category
order by group_name, category
