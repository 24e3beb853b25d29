/*
title = "Lapse"
question = "How many used at least once?"
formula = "Episodes with at least one positive week in the weekly word (urine, self-report and collateral together), over all that had ended by the analysis cut-off and have a word."
unit = "share"
higher_is = "worse"
statistic = "proportion"
spec = ["RLP-1"]
source = "RLP-1; weekly words after CTNote"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
notes = "Three readings of weeks with nothing known: counted as positive, counted as negative, or left out. Missing n: episodes whose answer rests on such weeks; where they are left out, episodes without any known week."
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
nested = true
*/
-- One row per compared group and reading of missing weeks.
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
),
answered as (
  select worded.*, is_lapse_if_positive, is_lapse_if_negative
  from worded
  join lapse on lapse.episode_id = worded.episode_id
),
reading as (
  select
    group_name,
    1 as sequence,
    'missing counted as positive' as category,
    count(*) filter (where is_lapse_if_positive) as numerator,
    count(*) as denominator,
    count(*) filter (where is_lapse_if_positive is distinct from is_lapse_if_negative) as missing_n
  from answered
  group by group_name
  union all
  select
    group_name,
    2,
    'missing counted as negative',
    count(*) filter (where is_lapse_if_negative),
    count(*),
    count(*) filter (where is_lapse_if_positive is distinct from is_lapse_if_negative)
  from answered
  group by group_name
  union all
  select
    group_name,
    3,
    'observed weeks only',
    count(*) filter (where has_positive),
    count(*) filter (where has_known_week),
    count(*) filter (where not has_known_week)
  from answered
  group by group_name
)
select
  group_name,
  category,
  numerator,
  denominator,
  missing_n
from reading
order by group_name, sequence
