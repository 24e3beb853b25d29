/*
title = "A specimen and its episode are of one patient"
category = "conformance"
counts = "specimens with an episode"
warn = 1
message = "{violations} of {denominator} specimens carry an episode of another patient."
remedy = "One of the two keys is wrong; the specimen counts for the episode."
*/
-- One row per specimen with an episode.
select
  urine.specimen_id,
  urine.patient_id,
  urine.episode_id,
  episode.patient_id as patient_of_episode,
  urine.patient_id <> episode.patient_id as is_violation
from mart.urine as urine
join mart.episode as episode on episode.episode_id = urine.episode_id
where urine.substance = 'any'
