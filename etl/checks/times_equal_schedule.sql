/*
title = "Attendance is recorded, not copied from the schedule"
category = "plausibility"
counts = "attended sessions with both times"
note = "90 %"
message = "{violations} of {denominator} attended sessions last exactly as long as scheduled."
remedy = "Late arrivals and early leaves are not recorded: hours delivered are hours planned."
*/
-- One row per attended session with actual and scheduled times.
select session_id, episode_id, session_date, actual_minutes, scheduled_minutes = actual_minutes as is_violation
from mart.session
where is_attended and actual_minutes is not null and scheduled_minutes is not null
