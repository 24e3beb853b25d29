/*
title = "Patients have a recorded sex"
category = "completeness"
counts = "patients"
note = "5 %"
warn = "25 %"
message = "{violations} of {denominator} patients have no recorded sex."
remedy = "Comparisons of groups leave them out; map the column and its codes."
*/
-- One row per patient.
select patient_id, sex, coalesce(sex, 'unknown') = 'unknown' as is_violation
from core.patients
