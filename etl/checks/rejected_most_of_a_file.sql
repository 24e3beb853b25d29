/*
title = "No file loses a tenth of its records"
category = "conformance"
counts = "files"
warn = 1
message = "{violations} of {denominator} files had a tenth or more of their records rejected."
remedy = "A column has probably changed: `iop rejects --file NAME` names it."
*/
-- One row per file with records.
select file, sum(rows_read) as records, sum(rows_rejected) as rejected, rejected >= 0.1 * records as is_violation
from load.file
group by file
having records > 0
