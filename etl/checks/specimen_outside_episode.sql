/*
title = "Specimens lie within 30 days of their episode"
category = "plausibility"
counts = "specimens with an episode"
note = 1
warn = "5 %"
message = "{violations} of {denominator} specimens are more than 30 days outside their episode."
remedy = "Check the date, and the episode they carry; empty it for specimens after care."
*/
-- One row per specimen with an episode.
select
  urine.specimen_id,
  urine.episode_id,
  urine.specimen_date,
  episode.admission_date,
  episode.discharge_date,
  urine.specimen_date < episode.admission_date - 30
    or urine.specimen_date > coalesce(episode.discharge_date, $data_cut) + 30 as is_violation
from mart.urine as urine
join mart.episode as episode on episode.episode_id = urine.episode_id
where urine.substance = 'any'
