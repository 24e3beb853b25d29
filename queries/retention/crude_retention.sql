/*
title = "Crude retention"
question = "Of those who started long enough ago, how many were in care or left well at this day?"
formula = "Episodes in care after the day, or completed or stepped down by then, over all episodes that began at least so many days before the analysis cut-off."
unit = "share"
higher_is = "better"
statistic = "proportion"
spec = ["RET-05"]
source = "RET-05"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "An exit on the day counts as out. Missing n: left by then with no reason recorded; they count as not retained."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  { name = "too_recent", days = "$day" },
]
evidence = "state"

[parameters.day]
shared = "day_in_care"
*/
-- One row per compared group.
with followed as (
  -- The class of exit was known by then: nobody here is censored before the day.
  select
    group_name,
    cause in ('success', 'open') or time_days > $day as is_retained,
    cause = 'unknown' and time_days <= $day as is_unknown
  from selected_episode
  where is_started
    and day_zero between $date_from and $date_to
    and day_zero + $day <= $analysis_cut
)
select
  group_name,
  count(*) filter (where is_retained) as numerator,
  count(*) as denominator,
  count(*) filter (where is_unknown) as missing_n
from followed
group by group_name
order by group_name
