/*
title = "Costs lie within their episode"
category = "plausibility"
counts = "cost lines"
note = 1
warn = "5 %"
message = "{violations} of {denominator} cost lines are dated before the admission or more than 30 days after the discharge."
remedy = "They count for the episode that they carry; check it."
*/
-- One row per cost line.
select
  costs.cost_id,
  costs.episode_id,
  costs.service_date,
  episodes.admission_date,
  episodes.discharge_date,
  costs.service_date < episodes.admission_date
    or costs.service_date > coalesce(episodes.discharge_date, $data_cut) + 30 as is_violation
from core.costs as costs
join core.episodes as episodes using (episode_id)
