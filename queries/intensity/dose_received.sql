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
notes = "Closed by the analysis cut-off. People who stay longer receive more, and differ from those who leave: this is not an effect of the dose. Missing n: attended sessions without times, which count 0."

[parameters.split]
type = "text"
default = "exit_class"
label = "Split by"
choices = ["none", "exit_class"]
*/
-- One row per compared group, class of exit and number of hours.
with episode as (
  select
    group_name,
    case
      when $split = 'none' then ''
      when cause = 'dropout' and exit_class = 'open' then 'dropped out'
      when cause = 'unknown' then 'reason not recorded'
      else replace(exit_class, '_', ' ')
    end as category,
    coalesce(attended_hours, 0) as amount,
    missing_minutes_sessions
  from selected_episode
  where is_started
    and is_closed
    and exit_date between $date_from and $date_to
)
select
  group_name,
  category,
  amount,
  count(*) as weight,
  sum(coalesce(missing_minutes_sessions, 0)) as missing_n
from episode
group by group_name, category, amount
order by group_name, category, amount
