/*
title = "Closed episodes have a discharge reason"
severity = "warn"
message = "{violations} of {denominator} closed episodes have no reason. They are shown as a class of their own; above 5 % completion cannot be trusted."
*/
-- One row.
select
  count(*) filter (where coalesce(discharge_reason, 'unknown') = 'unknown') as violations,
  count(*) as denominator
from core.episodes
where discharge_date is not null
