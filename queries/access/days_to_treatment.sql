/*
title = "Days from asking to treatment"
question = "How long do people wait for their first service?"
formula = "Median days from the first contact to the first attended clinical service, by Kaplan–Meier over all requests up to the analysis cut-off; whoever has not started counts as not started until then."
unit = "days"
higher_is = "worse"
statistic = "survival"
spec = ["RET-19"]
source = "RET-19"
reviewed = "not clinically reviewed"
dated_by = "request"
unit_of_analysis = "request"
axis = "none"
notes = "People who declined, were lost or were sent elsewhere stay in the denominator as not started: a median of those who started alone would be shorter. Not reached where fewer than half start. Missing n: not started by the analysis cut-off. {known_of_requests}"
exclusions = [
  { when = "episode.requested_date > $analysis_cut", because = "Asked after the analysis cut-off", detail = "Asked on {episode.requested_date}, after the analysis cut-off {$analysis_cut}" },
]
evidence = "asked on {episode.requested_date}"

[options]
curve = false
median = true
*/
-- One row per compared group and days waited.
select
  group_name,
  coalesce(days_to_service, $analysis_cut - requested_date) as step,
  count(days_to_service) as events,
  count(*) filter (where days_to_service is null) as censored
from selected_request
where requested_date <= $analysis_cut
group by group_name, step
order by group_name, step
