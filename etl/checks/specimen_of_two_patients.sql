/*
title = "A specimen is of one patient and one day"
category = "conformance"
counts = "specimens"
warn = 1
message = "{violations} of {denominator} specimens have rows of several patients or days."
remedy = "A number that the laboratory gave twice: build the key with the date."
*/
-- One row per specimen.
select
  specimen_id,
  min(specimen_date) as first_date,
  max(specimen_date) as last_date,
  min(patient_id) <> max(patient_id) or min(specimen_date) <> max(specimen_date) as is_violation
from core.toxicology
group by specimen_id
