/*
title = "Lapse"
question = "How many used at least once?"
formula = "Episodes with at least one positive week in the weekly word (urine, self-report and collateral together), over all that had ended by the analysis cut-off and have a word."
unit = "share"
higher_is = "worse"
statistic = "bounds"
spec = ["RLP-1"]
source = "RLP-1; weekly words after CTNote"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "Three readings of weeks with nothing known or a mixed result: counted as positive (the first rate, and the upper bound), counted as negative (the lower bound), or left out (among those with any known week). Missing n: episodes whose answer rests on such weeks; those with a result are the others. Below 60 % only the bounds are given."
warning = "With missing counted as positive, everybody who missed a week has lapsed."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "no_word",
  "still_open",
]
evidence = "word"

[options]
event = "used"
followed = "have an answer that no missing week could change"
higher_is = "worse"
*/
-- One row per compared group.
with worded as (
  -- One row per episode that had ended, with at least one week in its word.
  select
    selected_episode.group_name,
    selected_episode.episode_id,
    contains(weekly.word, '+') as has_positive,
    contains(weekly.word, '+') or contains(weekly.word, '-') as has_known_week
  from selected_episode
  join mart.weekly_word as weekly on weekly.episode_id = selected_episode.episode_id
  where weekly.weeks > 0
    and selected_episode.is_closed
    and selected_episode.day_zero between $date_from and $date_to
),
lapse as (
  -- One row per episode: the answer under each rule.
  select
    episode_id,
    bool_or(is_event) filter (where missing_rule = 'missing_is_positive') as is_lapse_if_positive,
    bool_or(is_event) filter (where missing_rule = 'missing_is_negative') as is_lapse_if_negative
  from mart.relapse_endpoint
  where endpoint = 'lapse'
  group by episode_id
)
select
  worded.group_name,
  '' as category,
  count(*) filter (where is_lapse_if_negative) as numerator,
  count(*) filter (where is_lapse_if_positive is not distinct from is_lapse_if_negative) as observed,
  count(*) as denominator,
  count(*) filter (where has_positive) as complete_numerator,
  count(*) filter (where has_known_week) as complete_denominator
from worded
join lapse on lapse.episode_id = worded.episode_id
group by worded.group_name
order by worded.group_name
