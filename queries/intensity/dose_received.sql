/*
title = "Hours received in the whole episode"
question = "How much care had people received when they left?"
formula = "Attended clinical hours of each closed episode, by the class of its exit."
unit = "hours"
higher_is = "neutral"
statistic = "distribution"
spec = ["INT-10"]
source = "INT-10"
reviewed = "not clinically reviewed"
dated_by = "exit"
unit_of_analysis = "episode"
axis = "category"
notes = "Closed by the analysis cut-off. {longer_stays} Missing n: attended sessions without times, which count 0."
exclusions = [
  "never_started",
  "starts_after_cut",
  "still_open",
  "exit_outside_dates",
]
evidence = "{episode.exit_reason} on {episode.exit_date}"

[parameters.split]
*/
-- One row per compared group, class of exit and number of hours.
select
  group_name,
  if($split = 'none', '', exit_reason) as category,
  attended_hours as amount,
  count(*) as weight,
  sum(missing_minutes_sessions) as missing_n
from selected_episode
where is_started
  and is_closed
  and exit_date between $date_from and $date_to
group by group_name, category, amount
order by group_name, category, amount
