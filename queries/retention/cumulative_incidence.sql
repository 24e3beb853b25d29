/*
title = "Exits by day 30, 60 and 90"
question = "How many have left by each day, and how?"
formula = "Aalen–Johansen cumulative incidence of each class of exit at days 30, 60 and 90, the other classes competing."
unit = "share"
higher_is = "neutral"
statistic = "competing"
spec = ["RET-08"]
source = "RET-08; Aalen and Johansen 1978"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "step"
partition = true
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
]

[options]
at = [30, 60, 90]
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
