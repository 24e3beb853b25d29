/*
title = "Mean days in care, up to a horizon"
question = "How many of the first 90 days do people spend in care?"
formula = "Area under the Kaplan–Meier curve of time in care, any exit ending it, from day 0 to the horizon (90 days); the same horizon for every group."
unit = "days"
higher_is = "better"
statistic = "survival"
spec = ["RET-10"]
source = "RET-10"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "Not estimable where fewer than 10 are at risk at the horizon: choose a shorter one where the program is shorter. Missing n: not followed until the horizon and not out before it."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
]
evidence = "state"

[parameters.tau]

[options]
curve = false
*/
-- One row per compared group and day of the exit (or of the end of observation).
with stay as (
  select group_name, time_days, cause <> 'open' as is_out
  from selected_episode
  where is_started
    and day_zero between $date_from and $date_to
)
select
  group_name,
  time_days as step,
  count(*) filter (where is_out) as events,
  count(*) filter (where not is_out) as censored
from stay
group by group_name, time_days
order by group_name, time_days
