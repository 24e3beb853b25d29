/*
title = "Lines have the fields of their header"
category = "conformance"
counts = "records"
note = 1
warn = "1 %"
message = "{violations} of {denominator} records were rejected because a line is cut, torn or wrongly quoted."
remedy = "Was the export interrupted? Export again, with quotes around free text."
*/
-- One row per file.
with broken as (
  select file, count(distinct line) as violations
  from load.reject
  where rule in ('wrong_field_count', 'unterminated_quote', 'line_too_long', 'not_utf8', 'not_readable')
  group by file
)
select file, coalesce(any_value(broken.violations), 0) as violations, sum(rows_read) as denominator
from load.file left join broken using (file)
group by file
