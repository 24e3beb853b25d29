/*
title = "Time to first use"
question = "How long until the first use?"
formula = "Kaplan–Meier probability of no positive week so far, by the end of each week of the weekly word, for both readings of missing weeks."
unit = "share"
higher_is = "better"
statistic = "survival"
spec = ["RLP-1"]
source = "RLP-1; weekly words after CTNote"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "step"
notes = "Steps are days: the first use counts as the last day of its week, the resolution of the word. Weeks after the word ends are censored."
warning = "The two curves are what the truth could be, not two estimates of it: they part where weeks are missing."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "no_word",
]
evidence = "word"

[options]
remains = "without use"
median = true
nested = true
*/
-- One row per compared group, rule for missing weeks, and day of the first use (or of the end of the word).
with first_use as (
  select
    selected_episode.group_name,
    case answer.missing_rule
      when 'missing_is_positive' then 'missing counted as positive'
      when 'missing_is_negative' then 'missing counted as negative'
    end as category,
    -- Words know the week of the first use, so it counts as that week's last day.
    7 * answer.week as day,
    answer.is_event
  from selected_episode
  join mart.relapse_endpoint as answer on answer.episode_id = selected_episode.episode_id
  where answer.endpoint = 'lapse'
    and answer.week > 0
    and selected_episode.day_zero between $date_from and $date_to
)
select
  group_name,
  category,
  day as step,
  count(*) filter (where is_event) as events,
  count(*) filter (where not is_event) as censored
from first_use
group by group_name, category, day
order by group_name, category, day
