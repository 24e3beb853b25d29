/*
title = "No value vanishes from a column"
category = "plausibility"
context = "validation"
counts = "values of coded columns at the last load with 10 or more rows"
warn = 1
message = "{violations} of {denominator} values of coded columns are gone since the last load."
remedy = "A code that the record renamed, or a file that is missing? Check the value map."
*/
-- One row per value of a coded column that had 10 or more rows at the last load.
select
  last.table_name,
  last.column_name,
  last.value,
  last.row_count as last_rows,
  now.row_count is null as is_violation
from load.last_value_count as last
left join load.value_count as now using (table_name, column_name, value)
where last.column_name not in ('', 'admission_month') and last.row_count >= 10
