/*
title = "Required values are there"
category = "completeness"
counts = "records"
note = 1
warn = "1 %"
message = "{violations} of {denominator} records were rejected because a required value is empty."
remedy = "`iop rejects --rule required` names the columns; a footer of totals is harmless."
*/
-- One row per file.
with broken as (
  select file, count(distinct line) as violations from load.reject where rule = 'required' group by file
)
select file, coalesce(any_value(broken.violations), 0) as violations, sum(rows_read) as denominator
from load.file left join broken using (file)
group by file
