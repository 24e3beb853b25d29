/*
title = "Sessions last at most 16 hours and start on their own date"
category = "conformance"
counts = "session records"
note = 1
warn = "1 %"
message = "{violations} of {denominator} session records were rejected as longer than 16 hours or started on another day."
remedy = "Check the dates of the times, and their time zone."
*/
-- One row per file.
with broken as (
  select file, count(distinct line) as violations
  from load.reject
  where table_name = 'sessions' and rule in ('at_most_a_day_long', 'times_on_session_date')
  group by file
)
select file, coalesce(broken.violations, 0) as violations, rows_read as denominator
from load.file left join broken using (file)
where table_name = 'sessions'
