/*
title = "Shares of values stay within ten points"
category = "plausibility"
context = "validation"
counts = "values of coded columns with 100 or more rows in both loads"
warn = 1
message = "{violations} of {denominator} values of coded columns have a share that moved ten points or more since the last load."
remedy = "Did the program change, or the record's codes?"
*/
-- One row per value of a coded column with 100 or more rows in both loads.
with now as (
  select *, sum(row_count) over (partition by table_name, column_name) as total
  from load.value_count
  where column_name not in ('', 'admission_month')
),
last as (
  select *, sum(row_count) over (partition by table_name, column_name) as total
  from load.last_value_count
  where column_name not in ('', 'admission_month')
)
select
  table_name,
  column_name,
  value,
  last.row_count / last.total as last_share,
  coalesce(now.row_count, 0) / now_total.total as share_now,
  abs(share_now - last_share) >= 0.1 as is_violation
from last
left join now using (table_name, column_name, value)
join (select distinct table_name, column_name, total from now) as now_total using (table_name, column_name)
where now_total.total >= 100 and last.total >= 100
