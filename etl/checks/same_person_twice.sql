/*
title = "A person has one identifier"
category = "plausibility"
counts = "episodes of people with a birth date"
note = 1
warn = "0.1 %"
message = "{violations} of {denominator} episodes have a twin: the same birth date, sex, site and admission day under another identifier."
remedy = "Join the identifiers in the record: the person counts twice, and returns are not seen."
*/
-- One row per episode of a patient with a birth date.
select
  episodes.episode_id,
  episodes.patient_id,
  patients.birth_date,
  episodes.site,
  episodes.admission_date,
  count(distinct episodes.patient_id)
    over (partition by patients.birth_date, patients.sex, episodes.site, episodes.admission_date) > 1 as is_violation
from core.episodes as episodes
join core.patients as patients using (patient_id)
where patients.birth_date is not null
