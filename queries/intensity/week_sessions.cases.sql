/*
title = "Hours ledger: the sessions of a week"
question = "Which minutes of this week count, and why?"
formula = "Each session of one episode's week with its minutes, those that count, and the reason."
unit = "minutes"
higher_is = "neutral"
statistic = "list"
spec = ["INT-01"]
source = "INT-01"
reviewed = "not clinically reviewed"
*/
-- One row per session of the week.
select
  session_id,
  session_date,
  scheduled_start,
  service_type,
  status,
  modality,
  scheduled_minutes,
  actual_minutes,
  if(is_before_cut, counted_minutes, 0) as counted_minutes,
  case
    when not is_before_cut then 'not yet: after the cut-off'
    when counted_why = 'capped at schedule' then 'capped at the ' || scheduled_minutes || ' minutes scheduled'
    when counted_why = 'overlap' then 'minutes that an earlier session covers are left out'
    when counted_why = 'not clinical' then 'not a clinical service'
    when counted_why = 'not attended' then 'not attended'
    when counted_why = 'minutes missing' then 'attended, but a time is missing: counts 0'
    else 'every minute attended'
  end as why
from mart.session
where episode_id = $episode
  and week_start = $week
order by session_date, scheduled_start, session_id
