/*
title = "Change during treatment"
question = "How far did scores move from the first to the latest?"
formula = "Mean of latest score less first score, signed as the instrument is scored, over episodes with both."
unit = "points"
higher_is = "neutral"
statistic = "mean_change"
spec = ["OUT-01"]
source = "OUT-01; t interval"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "Missing n: a follow-up was due and there is none. A fall is better except for BAM-Protective and WHO-5. Versions of an instrument are never averaged together."
warning = "Change during treatment among those followed up. Without a comparison it is not an effect of treatment: extreme first scores move to the middle by themselves."
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
    pair.latest_score - pair.baseline_score as change
  from selected_episode
  join mart.score_pair as pair on pair.episode_id = selected_episode.episode_id
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
  coalesce(sum(change) filter (where is_paired), 0) as sum_x,
  coalesce(sum(change * change) filter (where is_paired), 0) as sum_xx,
  count(*) filter (where not is_paired) as missing_n
from due
cross join versions
group by group_name, category
order by group_name, category
