/*
title = "Continuous abstinence"
question = "How many had no use in any week?"
formula = "Episodes whose weekly word (urine, self-report and collateral together) is negative in every week of the window, over all that had ended by the analysis cut-off and have a word that long."
unit = "share"
higher_is = "better"
statistic = "bounds"
spec = ["ABS-2"]
source = "ABS-2; weekly words after CTNote"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "Weeks with nothing known or a mixed result: counted as not abstinent (the first rate), counted as abstinent (the upper bound), or left out (among those with any known week). Missing n: episodes without a positive week whose answer rests on such weeks; those with a result are the others. Below 60 % only the bounds are given."
warning = "With missing weeks left out, who was seen once and never again can be continuously abstinent: that reading is the sensitivity, not the result."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "no_word",
  "still_open",
  { when = "$window = 'last 4 weeks' and weekly.weeks < 4", because = "The weekly word is shorter than 4 weeks", detail = "The weekly word {weekly.word} is shorter than 4 weeks" },
]
evidence = "word"

[parameters.window]
type = "text"
default = "whole word"
label = "Weeks that count"
choices = ["whole word", "last 4 weeks"]

[options]
event = "were abstinent"
followed = "have an answer that no missing week could change"
*/
-- One row per compared group.
with worded as (
  -- One row per episode that had ended, with the part of its word that counts.
  select
    selected_episode.group_name,
    if($window = 'last 4 weeks', right(weekly.word, 4), weekly.word) as word
  from selected_episode
  join mart.weekly_word as weekly on weekly.episode_id = selected_episode.episode_id
  where weekly.weeks >= if($window = 'last 4 weeks', 4, 1)
    and selected_episode.is_closed
    and selected_episode.day_zero between $date_from and $date_to
),
read as (
  select
    group_name,
    contains(word, '+') as has_positive,
    contains(word, '-') as has_negative,
    contains(word, 'o') or contains(word, '*') as has_missing
  from worded
)
select
  group_name,
  '' as category,
  count(*) filter (where not has_positive and not has_missing) as numerator,
  count(*) filter (where has_positive or not has_missing) as observed,
  count(*) as denominator,
  count(*) filter (where has_negative and not has_positive) as complete_numerator,
  count(*) filter (where has_negative or has_positive) as complete_denominator
from read
group by group_name
order by group_name
