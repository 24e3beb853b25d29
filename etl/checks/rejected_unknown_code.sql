/*
title = "Codes are the declared ones"
category = "conformance"
counts = "records"
note = 1
warn = "1 %"
message = "{violations} of {denominator} records were rejected because of a value that is not allowed."
remedy = "`iop rejects --rule not_allowed` names the columns; add the values to the source's value map."
*/
-- One row per file.
with broken as (
  select file, count(distinct line) as violations from load.reject where rule = 'not_allowed' group by file
)
select file, coalesce(any_value(broken.violations), 0) as violations, sum(rows_read) as denominator
from load.file left join broken using (file)
group by file
