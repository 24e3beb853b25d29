/*
title = "Records refer to patients, episodes and sites that exist"
category = "conformance"
counts = "records"
note = 1
warn = "1 %"
message = "{violations} of {denominator} records were rejected because what they refer to is missing or was rejected itself."
remedy = "Mend the parents first (patients, then episodes): their children come back with them."
*/
-- One row per file.
with broken as (
  select file, count(distinct line) as violations from load.reject where rule = 'unknown_reference' group by file
)
select file, coalesce(any_value(broken.violations), 0) as violations, sum(rows_read) as denominator
from load.file left join broken using (file)
group by file
