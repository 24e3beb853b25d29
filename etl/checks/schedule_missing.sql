/*
title = "Group sessions have a schedule"
category = "completeness"
counts = "attended group sessions"
note = "5 %"
warn = "50 %"
message = "{violations} of {denominator} attended group sessions have no scheduled start and end."
remedy = "Without a schedule hours are not capped and partial attendance is not seen; map it."
*/
-- One row per attended group session.
select session_id, episode_id, session_date, scheduled_minutes is null as is_violation
from mart.session
where is_attended and service_type = 'group'
