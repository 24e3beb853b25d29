/*
title = "Median days to dropout"
question = "By which day have half of all who started dropped out?"
formula = "First day at which the Aalen–Johansen cumulative incidence of dropout or termination reaches one half; not reached where it never does."
unit = "days"
higher_is = "better"
statistic = "competing"
spec = ["RET-09"]
source = "RET-09"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "Over all who started, not among those who dropped out. Missing n: still in care at the analysis cut-off."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
]

[options]
median = "dropped out or terminated"
curve = false
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
