/*
title = "Attended sessions have a start and an end"
category = "completeness"
counts = "attended clinical sessions"
note = 1
warn = "5 %"
message = "{violations} of {denominator} attended sessions lack a time."
remedy = "They count 0 hours in the primary measure: record both times, or read hours with their upper bound."
*/
-- One row per attended clinical session.
select session_id, episode_id, session_date, service_type, is_missing_minutes as is_violation
from mart.session
where is_attended and is_clinical
