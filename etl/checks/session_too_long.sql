/*
title = "Attended sessions last at most eight hours"
category = "plausibility"
counts = "attended sessions with times"
note = 1
warn = "1 %"
message = "{violations} of {denominator} attended sessions last more than eight hours."
remedy = "Somebody was not signed out? Time above the schedule does not count."
*/
-- One row per attended session with times.
select session_id, episode_id, session_date, actual_minutes, actual_minutes > 480 as is_violation
from mart.session
where is_attended and actual_minutes is not null
