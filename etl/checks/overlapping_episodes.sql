/*
title = "A patient has one episode at a level of care at a time"
category = "plausibility"
counts = "episodes"
warn = 1
message = "{violations} of {denominator} episodes begin before the same patient's earlier one at that level ended."
remedy = "Hours count in each; check for double registration."
*/
-- One row per episode.
select
  episode_id,
  patient_id,
  level_of_care,
  admission_date,
  lag(coalesce(discharge_date, $data_cut))
    over (partition by patient_id, level_of_care order by admission_date, episode_id) as earlier_end,
  coalesce(admission_date < earlier_end, false) as is_violation
from core.episodes
