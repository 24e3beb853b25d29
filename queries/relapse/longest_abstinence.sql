/*
title = "Longest abstinence"
question = "What is the longest stretch of weeks without use?"
formula = "Longest run of negative weeks in the weekly word (urine, self-report and collateral together) of episodes that had ended by the analysis cut-off."
unit = "weeks"
higher_is = "better"
statistic = "distribution"
spec = ["ABS-3"]
source = "ABS-3; weekly words after CTNote"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
notes = "A week with nothing known or a mixed result ends the run; in the second reading it is skipped. Missing n: episodes with such weeks; where they are skipped, episodes without any known week."
warning = "Bounded by the length of stay: short stays cannot have long runs."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "no_word",
  "still_open",
]
evidence = "word_or_nothing_known"

[options]
nested = true
statistics = ["mean", "median", "p25", "p75"]
*/
-- One row per compared group, reading of missing weeks and length of the longest run.
with worded as (
  -- One row per episode that had ended.
  select
    selected_episode.group_name,
    weekly.word,
    translate(weekly.word, 'o*', '') as known_word
  from selected_episode
  join mart.weekly_word as weekly on weekly.episode_id = selected_episode.episode_id
  where weekly.weeks > 0
    and selected_episode.is_closed
    and selected_episode.day_zero between $date_from and $date_to
),
run as (
  select
    group_name,
    'missing ends a run' as category,
    coalesce(list_max(list_transform(regexp_extract_all(word, '-+'), lambda run: length(run))), 0) as weeks,
    word <> known_word as is_uncertain
  from worded
  union all
  select
    group_name,
    'missing is skipped',
    case
      when known_word <> ''
      then coalesce(list_max(list_transform(regexp_extract_all(known_word, '-+'), lambda run: length(run))), 0)
    end,
    false
  from worded
)
select
  group_name,
  category,
  weeks as amount,
  count(*) as weight,
  count(*) filter (where is_uncertain) as missing_n
from run
group by group_name, category, weeks
order by group_name, category, weeks
