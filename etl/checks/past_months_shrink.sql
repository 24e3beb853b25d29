/*
title = "Past months keep their admissions"
category = "plausibility"
context = "validation"
counts = "months of the last load with 10 or more admissions"
warn = 1
message = "{violations} of {denominator} past months have a tenth fewer admissions than at the last load."
remedy = "Episodes were deleted or moved in the record; numbers of these months change."
*/
-- One row per month of the last load with 10 or more admissions.
select
  last.value as admission_month,
  last.row_count as last_admissions,
  coalesce(now.row_count, 0) as admissions_now,
  admissions_now < 0.9 * last_admissions as is_violation
from load.last_value_count as last
left join load.value_count as now using (table_name, column_name, value)
where last.table_name = 'episodes' and last.column_name = 'admission_month' and last.row_count >= 10
