/*
title = "Attended sessions lie within their episode"
category = "plausibility"
counts = "days with an attended service"
warn = 1
message = "{violations} of {denominator} days with a service are dated before the admission or after the discharge."
remedy = "They count where they are; check the dates."
*/
-- One row per episode and day with an attended clinical service.
select
  day.episode_id,
  day.patient_id,
  day.service_date,
  episode.admission_date,
  episode.discharge_date,
  day.service_date < episode.admission_date - 1
    or day.service_date > coalesce(episode.discharge_date, $data_cut) + 1 as is_violation
from mart.service_day as day
join mart.episode as episode using (episode_id)
