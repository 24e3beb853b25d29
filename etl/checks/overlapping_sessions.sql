/*
title = "A patient is in one session at a time"
category = "plausibility"
counts = "attended clinical sessions"
note = 1
warn = "5 %"
message = "{violations} of {denominator} attended sessions overlap an earlier one of the same patient."
remedy = "The union of the intervals counts."
*/
-- One row per attended clinical session.
select session_id, episode_id, session_date, scheduled_start, actual_minutes, counted_why = 'overlap' as is_violation
from mart.session
where is_attended and is_clinical
