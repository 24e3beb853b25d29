/*
title = "Birthdays are spread over the year"
category = "plausibility"
context = "validation"
counts = "patients with a birth date"
note = "2 %"
warn = "10 %"
message = "{violations} of {denominator} birth dates are a 1 January, of which chance gives 0.3 %."
remedy = "It stands for a year only: ages are up to a year off. Leave the date out and give the age."
*/
-- One row per patient with a birth date.
select patient_id, birth_date, month(birth_date) = 1 and day(birth_date) = 1 as is_violation
from core.patients
where birth_date is not null
