/*
title = "How people leave, day by day"
question = "When, and how, do people leave?"
formula = "Aalen–Johansen cumulative incidence of each class of exit at each day from 0 to 180; with those in care the shares sum to one."
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
notes = "Steps after the longest follow-up are left out."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
]

[options]
days = 180
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
