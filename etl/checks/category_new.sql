/*
title = "No column has a value that it never had"
category = "plausibility"
context = "validation"
counts = "values of coded columns"
note = 1
message = "{violations} of {denominator} values of coded columns were not in the last load."
remedy = "A new service, payer or site? Or a code that is mapped anew?"
*/
-- One row per value of a coded column of a table that the last load had too.
select
  now.table_name,
  now.column_name,
  now.value,
  now.row_count,
  last.row_count is null as is_violation
from load.value_count as now
left join load.last_value_count as last using (table_name, column_name, value)
where now.column_name not in ('', 'admission_month')
  and (now.table_name, now.column_name) in (select (table_name, column_name) from load.last_value_count)
