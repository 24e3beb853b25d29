/*
title = "Intensive outpatient episodes last less than a year"
category = "plausibility"
counts = "IOP episodes"
note = 1
warn = "5 %"
message = "{violations} of {denominator} IOP episodes last more than a year."
remedy = "Discharges are not entered, or several stays are one episode."
*/
-- One row per IOP episode.
select
  episode_id,
  patient_id,
  admission_date,
  discharge_date,
  coalesce(discharge_date, $data_cut) - admission_date > 365 as is_violation
from core.episodes
where level_of_care = 'IOP'
