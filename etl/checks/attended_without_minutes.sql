/*
title = "Attended sessions have a start and an end"
severity = "warn"
message = "{violations} of {denominator} attended sessions lack a time. They count 0 hours in the primary measure; above 5 % hours are understated."
*/
-- One row.
select
  count(*) filter (where actual_start is null or actual_end is null) as violations,
  count(*) as denominator
from core.sessions
where status = 'attended'
