/*
title = "A patient has one episode at a level of care at a time"
severity = "warn"
message = "{violations} of {denominator} episodes begin before the same patient's earlier one at that level ended. Hours count in each; check for double registration."
*/
-- One row.
with ordered as (
  select
    admission_date,
    lag(coalesce(discharge_date, $data_cut)) over (partition by patient_id, level_of_care order by admission_date, episode_id) as earlier_end
  from core.episodes
)
select count(*) filter (where admission_date < earlier_end) as violations, count(*) as denominator
from ordered
