/*
title = "Few records are rejected"
severity = "warn"
message = "{violations} of {denominator} records were rejected. `iop rejects` and the Data page say why; above 2 % correct the export and load again."
*/
-- One row.
select coalesce(sum(rows_rejected), 0) as violations, coalesce(sum(rows_read), 0) as denominator
from load.file
