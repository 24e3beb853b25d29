/*
title = "Few records are rejected"
category = "conformance"
counts = "records"
note = 1
warn = "2 %"
message = "{violations} of {denominator} records were rejected."
remedy = "`iop rejects` and the Data page say why; correct the export and load again."
*/
-- One row per file.
select file, sum(rows_rejected) as violations, sum(rows_read) as denominator
from load.file
group by file
