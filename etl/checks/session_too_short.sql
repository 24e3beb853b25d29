/*
title = "Attended clinical sessions last at least five minutes"
category = "plausibility"
counts = "attended clinical sessions with times"
note = 1
warn = "2 %"
message = "{violations} of {denominator} attended sessions last less than five minutes."
remedy = "Check-in and check-out were recorded together?"
*/
-- One row per attended clinical session with times.
select session_id, episode_id, session_date, actual_minutes, actual_minutes < 5 as is_violation
from mart.session
where is_attended and is_clinical and actual_minutes is not null
