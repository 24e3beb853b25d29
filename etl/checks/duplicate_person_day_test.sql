/*
title = "A patient has one specimen a day"
severity = "note"
message = "{violations} of {denominator} patient-days have more than one specimen. All of them count."
*/
-- One row.
with days as (
  select patient_id, specimen_date, count(distinct specimen_id) as specimen_count
  from core.toxicology
  where result <> 'not_collected'
  group by patient_id, specimen_date
)
select count(*) filter (where specimen_count > 1) as violations, count(*) as denominator
from days
