/*
title = "Patients are 12 to 100 years old at admission"
category = "plausibility"
counts = "episodes with an age"
note = 1
warn = "1 %"
message = "{violations} of {denominator} episodes are of people younger than 12 or older than 100."
remedy = "Check the birth date: two-digit years and default dates such as 1900-01-01."
*/
-- One row per episode with an age.
select
  episodes.episode_id,
  episodes.patient_id,
  patients.birth_date,
  episodes.admission_date,
  coalesce(date_sub('year', patients.birth_date, episodes.admission_date), episodes.age_at_admission) as age,
  age not between 12 and 100 as is_violation
from core.episodes as episodes
join core.patients as patients using (patient_id)
where patients.birth_date is not null or episodes.age_at_admission is not null
