/*
title = "The age at admission fits the birth date"
category = "plausibility"
counts = "episodes with both"
note = 1
warn = "2 %"
message = "{violations} of {denominator} episodes have an age at admission that is more than a year off the birth date."
remedy = "The birth date is used; one identifier may hold two people."
*/
-- One row per episode with both.
select
  episodes.episode_id,
  episodes.patient_id,
  patients.birth_date,
  episodes.admission_date,
  episodes.age_at_admission,
  abs(date_sub('year', patients.birth_date, episodes.admission_date) - episodes.age_at_admission) > 1 as is_violation
from core.episodes as episodes
join core.patients as patients using (patient_id)
where patients.birth_date is not null and episodes.age_at_admission is not null
