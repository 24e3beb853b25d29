/*
title = "Admissions and discharges"
question = "How many start and leave each month?"
formula = "Episodes by the month of day 0 and by the month of their exit."
unit = "count"
higher_is = "neutral"
statistic = "counts"
spec = ["RET-08"]
source = "Flow of the program"
reviewed = "not clinically reviewed"
dated_by = "month"
unit_of_analysis = "episode"
axis = "period"
notes = "Up to the analysis cut-off, whose month may be incomplete. Dropouts are dated by the last attended service."
exclusions = [
  "never_started",
  "starts_after_cut",
  { when = "episode.day_zero not between $date_from and $date_to and coalesce(not episode.is_closed or episode.exit_date not between $date_from and $date_to, true)", because = "Neither started nor left within the chosen dates", detail = "Started on {episode.day_zero}{if(episode.is_closed, ' and left on ' || episode.exit_date, ', still in care')}: neither within the chosen dates" },
]
*/
-- One row per compared group, month and direction.
with flow as (
  select group_name, 'admissions' as category, day_zero as flow_date
  from selected_episode
  where is_started
  union all
  select group_name, 'discharges' as category, exit_date as flow_date
  from selected_episode
  where is_closed
)
select
  group_name,
  category,
  date_trunc('month', flow_date)::date as period,
  count(*) as count
from flow
where flow_date between $date_from and $date_to
group by group_name, category, period
order by group_name, period, category
