/*
title = "Patients have a recorded race and ethnicity"
category = "completeness"
counts = "patients"
note = "10 %"
warn = "40 %"
message = "{violations} of {denominator} patients have no recorded race and ethnicity."
remedy = "Differences between groups cannot be judged; map the column and its codes."
*/
-- One row per patient.
select patient_id, race_ethnicity, coalesce(race_ethnicity, 'unknown') = 'unknown' as is_violation
from core.patients
