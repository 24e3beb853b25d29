/*
title = "Difference in dropout by day 30, 60 or 90"
question = "How many more, or fewer, does each group lose by this day than the reference?"
formula = "Share that dropped out or was terminated up to and including the day (Aalen–Johansen, the other exits competing) of a group less that of the reference group, in percentage points. The interval draws the episodes of each group 2,000 times from the table of exits by day."
unit = "percentage points"
higher_is = "worse"
statistic = "curve_difference"
spec = ["RET-08"]
source = "RET-08"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "{first_by_name} Groups of fewer than 22 people, or in which 1–10 have left in that way by the day or have not, take no part. Missing n: not followed until the day and not out before it."
warning = "{groups_differ}"
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
]

[parameters.day]
shared = "day_in_care"

[parameters.reference]

[options]
more = "loses {amount} points more by day {day}"
fewer = "loses {amount} points fewer by day {day}"
*/
-- One row per compared group and day of the exit (or of the end of observation).
select
  group_name,
  time_days as step,
  count(*) filter (where exit_group = 'dropped out or terminated') as events,
  count(*) filter (where exit_group not in ('open', 'dropped out or terminated')) as competing,
  count(*) filter (where exit_group = 'open') as censored
from selected_episode
where is_started
  and day_zero between $date_from and $date_to
group by all
order by all
