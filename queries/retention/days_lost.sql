/*
title = "Days lost, by the kind of exit"
question = "Of the first 90 days, how many are lost, and to which exits?"
formula = "Area under the Aalen–Johansen cumulative incidence of each class of exit from day 0 to the horizon (90 days). With the mean days in care they fill the horizon."
unit = "days"
higher_is = "worse"
statistic = "time_lost"
spec = ["RET-10"]
source = "RET-10, decision 5"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
partition = true
notes = "Days after a completion are lost to completion: read it beside the length of the program. Not estimable where fewer than 10 are at risk at the horizon. Missing n: not followed until the horizon and not out before it."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
]

[parameters.tau]

[options]
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
