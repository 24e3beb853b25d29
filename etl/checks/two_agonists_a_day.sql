/*
title = "Nobody takes methadone and buprenorphine on one day"
category = "plausibility"
counts = "patient-days with methadone or buprenorphine"
note = 1
message = "On {violations} of {denominator} patient-days both methadone and buprenorphine were given."
remedy = "Check the mapping of the medication, and the identifiers."
*/
-- One row per patient and day with methadone or buprenorphine.
select patient_id, dose_date, count(distinct medication) > 1 as is_violation
from core.medications
where medication in ('methadone', 'buprenorphine')
group by patient_id, dose_date
