/*
title = "Assessments lie within 30 days of their episode"
severity = "note"
message = "{violations} of {denominator} assessments in care are more than 30 days outside their episode. They are not paired; check the episode they carry."
*/
-- One row.
select
  count(*) filter (
    where a.timepoint not like 'followup%'
      and (a.assessed_date < e.admission_date - 30 or a.assessed_date > coalesce(e.discharge_date, $data_cut) + 30)
  ) as violations,
  count(*) as denominator
from core.assessments as a
join core.episodes as e using (episode_id)
