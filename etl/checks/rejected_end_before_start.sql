/*
title = "Sessions end after they start"
category = "conformance"
counts = "session records"
note = 1
warn = "1 %"
message = "{violations} of {denominator} session records were rejected because a time ends before it starts."
remedy = "Look for a swapped pair of columns, or 12-hour times without AM and PM."
*/
-- One row per file.
with broken as (
  select file, count(distinct line) as violations
  from load.reject
  where table_name = 'sessions' and rule in ('actual_end_after_start', 'scheduled_end_after_start')
  group by file
)
select file, coalesce(broken.violations, 0) as violations, rows_read as denominator
from load.file left join broken using (file)
where table_name = 'sessions'
