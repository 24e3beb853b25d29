/*
title = "Open episodes have recent services"
category = "plausibility"
counts = "open episodes"
note = 1
warn = "20 %"
message = "{violations} of {denominator} open episodes had no service in the ascertainment window."
remedy = "Measures count them as left; discharge them in the record."
*/
-- One row per open episode.
select
  episode_id,
  patient_id,
  site,
  last_attended_date,
  is_started and last_attended_date <= $analysis_cut as is_violation
from mart.episode
where discharge_date is null
