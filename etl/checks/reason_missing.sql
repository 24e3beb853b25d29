/*
title = "Closed episodes have a discharge reason"
category = "completeness"
counts = "closed episodes"
note = 1
warn = "5 %"
message = "{violations} of {denominator} closed episodes have no reason."
remedy = "They are shown as a class of their own; from 5 % on completion cannot be trusted."
*/
-- One row per closed episode.
select
  episode_id,
  patient_id,
  site,
  discharge_date,
  coalesce(discharge_reason, 'unknown') = 'unknown' as is_violation
from core.episodes
where discharge_date is not null
