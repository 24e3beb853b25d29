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
*/
-- One row per compared group, week and class of exit.
with exit as (
  select
    group_name,
    date_trunc('week', exit_date)::date as period,
    case cause
      when 'success' then 'completed or stepped down'
      when 'dropout' then 'dropped out or terminated'
      when 'other' then 'other exit'
      when 'unknown' then 'reason not recorded'
      else 'open'
    end as category,
    cause
  from selected_episode
  where is_closed
    and exit_date between $date_from and $date_to
)
select
  group_name,
  category,
  period,
  count(*) as count
from exit
group by group_name, category, period
order by group_name, period, category
