/*
title = "Attended sessions lie within their episode"
severity = "warn"
message = "{violations} of {denominator} attended sessions are dated before admission or after discharge. They count where they are; check the dates."
*/
-- One row.
select
  count(*) filter (where s.session_date < e.admission_date - 1 or s.session_date > coalesce(e.discharge_date, $data_cut) + 1) as violations,
  count(*) as denominator
from core.sessions as s
join core.episodes as e using (episode_id)
where s.status = 'attended'
