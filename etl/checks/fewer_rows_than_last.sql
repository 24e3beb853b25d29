/*
title = "No table shrinks since the last load"
category = "plausibility"
context = "validation"
counts = "tables of the last load with 20 or more rows"
warn = 1
message = "{violations} of {denominator} tables have a tenth fewer rows than at the last load, or none."
remedy = "Is a file missing or cut off? An export that covers less time on purpose needs nothing."
*/
-- One row per table of the last load with 20 or more rows.
select
  last.table_name,
  last.row_count as last_rows,
  coalesce(now.row_count, 0) as rows_now,
  rows_now < 0.9 * last_rows as is_violation
from load.last_value_count as last
left join load.value_count as now on now.table_name = last.table_name and now.column_name = ''
where last.column_name = '' and last.row_count >= 20
