/*
title = "Authorizations touch their episode"
category = "plausibility"
counts = "authorizations"
note = 1
warn = "5 %"
message = "{violations} of {denominator} authorizations end before the admission or begin after the discharge."
remedy = "They authorize nothing; check the episode they carry."
*/
-- One row per authorization.
select
  authorizations.authorization_id,
  authorizations.episode_id,
  authorizations.start_date,
  authorizations.end_date,
  episodes.admission_date,
  episodes.discharge_date,
  authorizations.end_date < episodes.admission_date
    or authorizations.start_date > coalesce(episodes.discharge_date, $data_cut) as is_violation
from core.authorizations as authorizations
join core.episodes as episodes using (episode_id)
