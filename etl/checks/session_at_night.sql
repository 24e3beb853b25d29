/*
title = "Outpatient sessions do not begin at night"
category = "plausibility"
counts = "attended sessions with a schedule"
note = "0.5 %"
warn = "2 %"
message = "{violations} of {denominator} attended sessions are scheduled between 11 at night and 5 in the morning."
remedy = "Check the time zone, and 12-hour times without AM and PM."
*/
-- One row per attended session with a schedule.
select session_id, episode_id, scheduled_start, hour(scheduled_start) in (23, 0, 1, 2, 3, 4) as is_violation
from mart.session
where is_attended and scheduled_start is not null
