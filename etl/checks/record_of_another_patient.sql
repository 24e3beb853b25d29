/*
title = "A record and its episode are of one patient"
category = "conformance"
counts = "requests, reports, doses, certifications, interviews and surveys with an episode"
warn = 1
message = "{violations} of {denominator} requests, reports of use, doses, certifications, interviews and surveys carry an episode of another patient."
remedy = "One of the two keys is wrong; the record counts for the episode."
*/
-- One row per record with an episode.
with record as (
  select 'requests' as table_name, request_id as record_id, patient_id, episode_id from core.requests
  union all select 'use_events', use_event_id, patient_id, episode_id from core.use_events
  union all select 'medications', medication || ' ' || dose_date, patient_id, episode_id from core.medications
  union all select 'certifications', certification_id, patient_id, episode_id from core.certifications
  union all select 'functioning', functioning_id, patient_id, episode_id from core.functioning
  union all select 'satisfaction', survey_id, patient_id, episode_id from core.satisfaction
)
select
  record.table_name,
  record.record_id,
  record.patient_id,
  record.episode_id,
  episodes.patient_id as patient_of_episode,
  record.patient_id <> episodes.patient_id as is_violation
from record
join core.episodes as episodes using (episode_id)
