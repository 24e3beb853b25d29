/*
title = "Scores lie within the instrument's range"
category = "conformance"
counts = "assessment records"
note = 1
warn = "1 %"
message = "{violations} of {denominator} assessment records were rejected because no form can give that score."
remedy = "Check which instrument and version the column holds, and codes such as 99 for missing."
*/
-- One row per file.
with broken as (
  select file, count(distinct line) as violations
  from load.reject
  where table_name = 'assessments' and rule = 'score_in_instrument_range'
  group by file
)
select file, coalesce(broken.violations, 0) as violations, rows_read as denominator
from load.file left join broken using (file)
where table_name = 'assessments'
