/*
title = "Difference in mean days in care"
question = "How many days longer, or shorter, does each group stay than the reference?"
formula = "Mean days in care up to the horizon (area under Kaplan–Meier, any exit ending it) of a group less that of the reference group, with Greenwood's interval."
unit = "days"
higher_is = "better"
statistic = "curve_difference"
spec = ["RET-10"]
source = "RET-10; Royston and Parmar 2013, BMC Med Res Methodol 13:152"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "{first_by_name} Not estimable unless 10 are at risk at the horizon in both groups. Groups of fewer than 22 people, or in which 1–10 left, take no part. Missing n: not followed until the horizon and not out before it."
warning = "{groups_differ}"
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
]

[parameters.tau]

[parameters.reference]

[options]
more = "stays {amount} days longer in the first {tau}"
fewer = "stays {amount} days shorter in the first {tau}"
*/
-- One row per compared group and day of the exit (or of the end of observation).
select
  group_name,
  time_days as step,
  count(*) filter (where cause <> 'open') as events,
  count(*) filter (where cause = 'open') as censored
from selected_episode
where is_started
  and day_zero between $date_from and $date_to
group by all
order by all
