/*
title = "Authorizations of a payer do not overlap"
category = "plausibility"
counts = "approved authorizations"
note = 1
warn = "10 %"
message = "{violations} of {denominator} approved authorizations begin before the last one of that payer and episode has ended."
remedy = "Authorized hours count in both; check for amended copies."
*/
-- One row per approved authorization.
select
  authorization_id,
  episode_id,
  payer,
  start_date,
  end_date,
  lag(end_date) over (partition by episode_id, payer order by start_date, authorization_id) as earlier_end,
  coalesce(start_date <= earlier_end, false) as is_violation
from core.authorizations
where status in ('approved', 'partial')
