/*
title = "Dates are not in the future, and amounts within their range"
category = "conformance"
counts = "records"
note = 1
warn = "1 %"
message = "{violations} of {denominator} records were rejected for a date after the data cut, or a value outside its range."
remedy = "Is the data cut in export.toml that of this export? `iop rejects --rule out_of_range` names the columns."
*/
-- One row per file.
with broken as (
  select file, count(distinct line) as violations
  from load.reject
  where rule in ('out_of_range', 'attended_not_in_the_future')
  group by file
)
select file, coalesce(any_value(broken.violations), 0) as violations, sum(rows_read) as denominator
from load.file left join broken using (file)
group by file
