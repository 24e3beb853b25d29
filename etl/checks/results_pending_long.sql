/*
title = "Urine results come within 30 days"
category = "completeness"
counts = "specimens given before the analysis cut-off"
note = "1 %"
warn = "5 %"
message = "{violations} of {denominator} specimens older than the ascertainment window still have no result."
remedy = "Ask the laboratory; they count as not known."
*/
-- One row per specimen given before the analysis cut.
select specimen_id, patient_id, specimen_date, result = 'pending' as is_violation
from mart.urine
where substance = 'any' and is_collected and specimen_date <= $analysis_cut
