/*
title = "No single day holds a tenth of the admissions"
category = "plausibility"
counts = "episodes"
warn = "10 %"
message = "{violations} of {denominator} episodes begin on a day that holds a tenth or more of all admissions."
remedy = "The day of a migration, or a default? Such dates say nothing about when care began."
*/
-- One row per episode, where there are 100 or more.
select
  episode_id,
  patient_id,
  admission_date,
  count(*) over (partition by admission_date) >= 0.1 * count(*) over () as is_violation
from core.episodes
qualify count(*) over () >= 100
