/*
title = "Continuous abstinence"
question = "How many had no use in any week?"
formula = "Episodes whose weekly word (urine, self-report and collateral together) is negative in every week of the window, over all that had ended by the analysis cut-off and have a word that long."
unit = "share"
higher_is = "better"
statistic = "proportion"
spec = ["ABS-2"]
source = "ABS-2; weekly words after CTNote"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
notes = "Weeks with nothing known or a mixed result: first counted as not abstinent, then left out. Missing n: episodes without a positive week whose answer rests on such weeks; where they are left out, episodes without any known week."
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
nested = true
*/
-- One row per compared group and reading of missing weeks.
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
  'missing counted as not abstinent' as category,
  count(*) filter (where not has_positive and not has_missing) as numerator,
  count(*) as denominator,
  count(*) filter (where not has_positive and has_missing) as missing_n
from read
group by group_name
union all
select
  group_name,
  'missing weeks left out',
  count(*) filter (where has_negative and not has_positive),
  count(*) filter (where has_negative or has_positive),
  count(*) filter (where not has_negative and not has_positive)
from read
group by group_name
order by group_name, category
