/*
title = "Exits by week"
question = "How many leave each week, and how?"
formula = "Episodes by the week (from Monday) of their exit and its class."
unit = "count"
higher_is = "neutral"
statistic = "counts"
spec = ["RET-08"]
source = "RET-08"
reviewed = "not clinically reviewed"
dated_by = "exit"
unit_of_analysis = "episode"
axis = "period"
partition = true
notes = "Dropouts and terminations are dated by the last attended service."
exclusions = [
  "never_started",
  "starts_after_cut",
  "still_open",
  "exit_outside_dates",
]
evidence = "{episode.exit_reason} on {episode.exit_date}"
*/
-- One row per compared group, week and class of exit.
select
  group_name,
  exit_group as category,
  date_trunc('week', exit_date)::date as period,
  count(*) as count
from selected_episode
where is_closed
  and exit_date between $date_from and $date_to
group by group_name, category, period
order by group_name, period, category
