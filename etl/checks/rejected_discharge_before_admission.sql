/*
title = "Discharges are not before admissions"
category = "conformance"
counts = "episode records"
note = 1
warn = "1 %"
message = "{violations} of {denominator} episode records were rejected because they end before they begin."
remedy = "Correct the dates; all sessions and scores of such an episode are rejected with it."
*/
-- One row per file.
with broken as (
  select file, count(distinct line) as violations
  from load.reject
  where table_name = 'episodes' and rule = 'discharge_not_before_admission'
  group by file
)
select file, coalesce(broken.violations, 0) as violations, rows_read as denominator
from load.file left join broken using (file)
where table_name = 'episodes'
