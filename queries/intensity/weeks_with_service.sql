/*
title = "Weeks with a service in the whole episode"
question = "In how many weeks had people had a service when they left?"
formula = "Weeks, Monday to Sunday, with at least one attended clinical session, of each closed episode, by the class of its exit."
unit = "weeks"
higher_is = "neutral"
statistic = "distribution"
spec = ["INT-10"]
source = "INT-10"
reviewed = "not clinically reviewed"
dated_by = "exit"
unit_of_analysis = "episode"
axis = "category"
notes = "Closed by the analysis cut-off. {longer_stays}"
exclusions = [
  "never_started",
  "starts_after_cut",
  "still_open",
  "exit_outside_dates",
]
evidence = "{episode.exit_reason} on {episode.exit_date}"

[parameters.split]
*/
-- One row per compared group, class of exit and number of weeks.
select
  group_name,
  if($split = 'none', '', exit_reason) as category,
  weeks_with_service as amount,
  count(*) as weight,
  0 as missing_n
from selected_episode
where is_started
  and is_closed
  and exit_date between $date_from and $date_to
group by group_name, category, amount
order by group_name, category, amount
