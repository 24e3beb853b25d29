/*
title = "A death closes the episode"
category = "plausibility"
counts = "recorded deaths in an episode"
warn = 1
message = "{violations} of {denominator} deaths that were recorded as incidents fall into an episode that goes on."
remedy = "Discharge the episode as 'died' on that day."
*/
-- One row per death of the incidents during an episode.
select
  incidents.incident_id,
  episodes.episode_id,
  incidents.incident_date,
  episodes.discharge_date,
  coalesce(episodes.discharge_date > incidents.incident_date + 30, true) as is_violation
from core.incidents as incidents
join core.episodes as episodes
  on episodes.patient_id = incidents.patient_id
  and incidents.incident_date between episodes.admission_date and coalesce(episodes.discharge_date, $data_cut)
where incidents.incident_type = 'death'
