/*
title = "A score and its episode are of one patient"
category = "conformance"
counts = "scores with an episode"
warn = 1
message = "{violations} of {denominator} scores carry an episode of another patient."
remedy = "One of the two keys is wrong; the score counts for the episode."
*/
-- One row per score with an episode.
select
  score.assessment_id,
  score.patient_id,
  score.episode_id,
  episode.patient_id as patient_of_episode,
  score.patient_id <> episode.patient_id as is_violation
from mart.score as score
join mart.episode as episode on episode.episode_id = score.episode_id
