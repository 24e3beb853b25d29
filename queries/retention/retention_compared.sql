/*
title = "Do the curves of time in care differ?"
question = "Do the compared groups stay equally long?"
formula = "Log-rank test (or that of Peto and Peto, which looks at early differences) that the Kaplan–Meier curves of all compared groups are one, where asked within strata: people are then compared with those of their own site, program or other class."
unit = "p-value"
higher_is = "neutral"
statistic = "curve_test"
spec = ["RET-10"]
source = "Mantel 1966; Peto and Peto 1972; R's survival::survdiff"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "One test over all groups comes first; pairs are tested on request, adjusted by Holm. Groups of fewer than 22 people, or in which 1–10 left, take no part. A large p is no sign of a difference; it does not show that there is none."
warning = "{groups_differ}"
exclusions = [
  "never_started",
  "starts_after_cut",
  { when = "retention_time.episode_id is null", because = "This definition of the end does not apply to the episode" },
  "outside_dates",
]

[parameters.definition]

[parameters.test]
type = "text"
default = "log-rank"
label = "Test"
choices = ["log-rank", "peto"]

[parameters.within]

[parameters.pairs]
type = "text"
default = "none"
label = "Pairs"
choices = ["none", "all"]
*/
-- One row per compared group, stratum and day of the end (or of the end of observation).
select
  group_name,
  stratum,
  time_days as step,
  count(*) filter (where cause <> 'open') as events,
  count(*) filter (where cause = 'open') as censored
from compared_stay
group by all
order by all
