/*
title = "Hours received of those planned"
question = "How much of the planned care had people received when they left?"
formula = "Attended clinical hours of each closed episode over its planned hours; more than planned is more than one."
unit = "share"
higher_is = "better"
statistic = "distribution"
spec = ["INT-11"]
source = "INT-11"
reviewed = "not clinically reviewed"
dated_by = "exit"
unit_of_analysis = "episode"
axis = "none"
notes = "A ratio of each episode, without a cap. Closed by the analysis cut-off. Missing n: closed episodes without planned hours."
exclusions = [
  "never_started",
  "starts_after_cut",
  "still_open",
  "exit_outside_dates",
  { when = "coalesce(episode.planned_hours, 0) = 0", because = "No planned hours are recorded" },
]
evidence = "{episode.attended_hours::decimal(10, 1)} of {episode.planned_hours::decimal(10, 1)} planned hours"
*/
-- One row per compared group and ratio; a null ratio has no plan.
select
  group_name,
  '' as category,
  attended_hours / nullif(planned_hours, 0) as amount,
  count(*) as weight
from selected_episode
where is_started
  and is_closed
  and exit_date between $date_from and $date_to
group by group_name, amount
order by group_name, amount
