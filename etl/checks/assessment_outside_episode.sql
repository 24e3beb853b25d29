/*
title = "Assessments lie within 30 days of their episode"
category = "plausibility"
counts = "scores in care"
note = 1
warn = "5 %"
message = "{violations} of {denominator} scores in care are more than 30 days outside their episode."
remedy = "They are not paired; check the episode they carry."
*/
-- One row per score in care.
select
  score.assessment_id,
  score.episode_id,
  score.assessed_date,
  episode.admission_date,
  episode.discharge_date,
  score.assessed_date < episode.admission_date - 30
    or score.assessed_date > coalesce(episode.discharge_date, $data_cut) + 30 as is_violation
from mart.score as score
join mart.episode as episode on episode.episode_id = score.episode_id
where score.timepoint not like 'followup%'
