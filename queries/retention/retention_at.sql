/*
title = "Where people are at day 30, 60 or 90"
question = "Of those who started, how many are in care or left well at this day, how many dropped out?"
formula = "Aalen–Johansen probabilities at the day, which sum to one: in care, completed or stepped down; dropped out or terminated; other exits (lateral or higher level, jail, death, other); reason not recorded. An exit on the day counts as out."
unit = "share"
higher_is = "better"
statistic = "competing"
spec = ["RET-04", "RET-08"]
source = "RET-04, RET-08; Aalen and Johansen 1978"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
partition = true
notes = "Open episodes are censored at the analysis cut-off. Numerators count those whose class at that day is known; missing n were not followed that long."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
]

[parameters.day]
shared = "day_in_care"

[options]
retained = ["completed or stepped down"]
retained_label = "in care, completed or stepped down"
causes = ["completed or stepped down", "dropped out or terminated", "other exit"]
*/
-- One row per compared group, class of exit and day of the exit (or of the end of observation).
select
  group_name,
  exit_group as category,
  time_days as step,
  count(*) as events
from selected_episode
where is_started
  and day_zero between $date_from and $date_to
group by group_name, category, step
order by group_name, category, step
