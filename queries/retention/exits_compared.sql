/*
title = "Do the ways of leaving differ?"
question = "Do the compared groups leave equally often, in each way?"
formula = "Gray's test that the cumulative incidence of a class of exit is the same in all compared groups, the other classes competing; where asked within strata. One test for each class."
unit = "p-value"
higher_is = "neutral"
statistic = "curve_test"
spec = ["RET-08"]
source = "RET-08; Gray 1988, Annals of Statistics 16:1141"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
notes = "Each class is a test of its own: one in twenty is below 0.05 by chance. Groups of fewer than 22 people, or in which 1–10 left in that way, take no part. A large p is no sign of a difference; it does not show that there is none."
warning = "{groups_differ}"
exclusions = [
  "never_started",
  "starts_after_cut",
  { when = "retention_time.episode_id is null", because = "This definition of the end does not apply to the episode" },
  "outside_dates",
]

[parameters.definition]
type = "text"
default = "exit"
label = "Definition"
choices = ["exit", "first_use_or_lost"]

[parameters.within]
*/
-- One row per compared group, stratum, class of exit and day of the exit (or of the end of observation).
select
  group_name,
  stratum,
  exit_class as category,
  time_days as step,
  count(*) as events
from compared_stay
group by all
order by all
