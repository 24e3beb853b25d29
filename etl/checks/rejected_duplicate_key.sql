/*
title = "No identifier is used twice"
category = "conformance"
counts = "records"
note = 1
warn = "1 %"
message = "{violations} of {denominator} records were rejected because another record has the same key."
remedy = "Two exports in one folder, or a key that is unique at one site only? Declare `duplicates` or build the key with the site."
*/
-- One row per file.
with broken as (
  select file, count(distinct line) as violations from load.reject where rule = 'duplicate_key' group by file
)
select file, coalesce(any_value(broken.violations), 0) as violations, sum(rows_read) as denominator
from load.file left join broken using (file)
group by file
