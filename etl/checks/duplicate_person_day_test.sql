/*
title = "A patient has one specimen a day"
category = "plausibility"
counts = "patient-days with a specimen"
note = 1
warn = "10 %"
message = "{violations} of {denominator} patient-days have more than one specimen."
remedy = "All of them count; one specimen under two numbers?"
*/
-- One row per patient and day with a specimen.
select patient_id, specimen_date, count(*) as specimens, count(*) > 1 as is_violation
from mart.urine
where substance = 'any' and is_collected
group by patient_id, specimen_date
