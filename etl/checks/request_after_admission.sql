/*
title = "People ask for care before they are admitted"
category = "plausibility"
counts = "requests with an episode"
note = 1
warn = "2 %"
message = "{violations} of {denominator} requests are dated after the admission that they led to."
remedy = "The wait is left unknown; check the two dates."
*/
-- One row per request with an episode.
select
  requests.request_id,
  requests.patient_id,
  requests.requested_date,
  episodes.admission_date,
  requests.requested_date > episodes.admission_date as is_violation
from core.requests as requests
join core.episodes as episodes using (episode_id)
