/*
title = "Difference in retention at day 30, 60 or 90"
question = "How many more, or fewer, does each group keep to this day than the reference?"
formula = "Share in care, completed or stepped down at the day (Aalen–Johansen) of a group less that of the reference group, in percentage points. The interval draws the episodes of each group 2,000 times from the table of exits by day."
unit = "percentage points"
higher_is = "better"
statistic = "curve_difference"
spec = ["RET-04", "RET-08"]
source = "RET-04, RET-08"
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
more = "keeps {amount} points more to day {day}"
fewer = "keeps {amount} points fewer to day {day}"
is_complement = true
*/
-- One row per compared group and day of the exit (or of the end of observation).
select
  group_name,
  time_days as step,
  count(*) filter (where exit_group not in ('open', 'completed or stepped down')) as events,
  count(*) filter (where exit_group = 'completed or stepped down') as competing,
  count(*) filter (where exit_group = 'open') as censored
from selected_episode
where is_started
  and day_zero between $date_from and $date_to
group by all
order by all
