/*
title = "Nobody attends after their death"
category = "plausibility"
counts = "patients who died"
warn = 1
message = "{violations} of {denominator} patients who died have an attended service after it."
remedy = "Check the discharge reason, the incident and the identifiers."
*/
-- One row per patient with a recorded death.
with death as (
  select patient_id, min(death_date) as death_date
  from (
    select patient_id, discharge_date as death_date from core.episodes where discharge_reason = 'died'
    union all
    select patient_id, incident_date from core.incidents where incident_type = 'death'
  ) as recorded
  group by patient_id
),
seen as (
  select patient_id, max(service_date) as last_service_date
  from mart.service_day
  where patient_id in (select patient_id from death)
  group by patient_id
)
select patient_id, death_date, last_service_date, coalesce(last_service_date > death_date, false) as is_violation
from death
left join seen using (patient_id)
