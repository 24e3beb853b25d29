/*
title = "Stepped up"
question = "How many are transferred to a higher level of care by this day?"
formula = "Aalen–Johansen cumulative incidence of transfer to a higher level of care, all other exits competing."
unit = "share"
higher_is = "neutral"
statistic = "competing"
spec = ["RET-14"]
source = "RET-14"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
]
evidence = "state"

[parameters.day]
type = "integer"
default = 90
label = "Day"
choices = [30, 60, 90]

[options]
only = "stepped up"
causes = ["stepped up"]
*/
-- One row per compared group, kind of exit and day of the exit (or of the end of observation).
with exit as (
  select
    group_name,
    case when cause = 'open' then 'open' when exit_class = 'step_up' then 'stepped up' else 'left otherwise' end
      as category,
    time_days
  from selected_episode
  where is_started
    and day_zero between $date_from and $date_to
)
select
  group_name,
  category,
  time_days as step,
  count(*) as events
from exit
group by group_name, category, time_days
order by group_name, category, time_days
