/*
title = "Retained at day 30, 60 or 90"
question = "How many are still in care, or completed or stepped down, at this day?"
formula = "Aalen–Johansen probability of being in care, completed or stepped down at the day: one less the incidence of all other exits. An exit on the day counts as out."
unit = "share"
higher_is = "better"
statistic = "competing"
spec = ["RET-04"]
source = "RET-04, RET-08; Aalen and Johansen 1978"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "Missing n: not followed that long at the analysis cut-off."
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
only = "in care, completed or stepped down"
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
