/*
title = "A patient is in one session at a time"
severity = "note"
message = "{violations} of {denominator} attended sessions overlap an earlier one of the same patient. The union of the intervals counts."
*/
-- One row.
select count(*) filter (where counted_why = 'overlap') as violations, count(*) as denominator
from mart.session
where is_attended and is_clinical
