/*
title = "Dates, times and numbers can be read"
category = "conformance"
counts = "records"
note = 1
warn = "1 %"
message = "{violations} of {denominator} records were rejected because a date, time or number is not of the declared form."
remedy = "`iop rejects` names the columns; declare the format in source.toml, or export ISO dates."
*/
-- One row per file.
with broken as (
  select file, count(distinct line) as violations
  from load.reject
  where rule in ('not_a_date', 'not_a_timestamp', 'not_a_number', 'not_an_integer', 'not_a_boolean')
  group by file
)
select file, coalesce(any_value(broken.violations), 0) as violations, sum(rows_read) as denominator
from load.file left join broken using (file)
group by file
