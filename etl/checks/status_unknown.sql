/*
title = "Past sessions have an outcome"
category = "completeness"
counts = "sessions"
note = "2 %"
warn = "5 %"
message = "{violations} of {denominator} past sessions have no recorded outcome."
remedy = "They are in no show rate; close the open appointments."
*/
-- One row per session up to the data cut.
select session_id, episode_id, session_date, service_type, status = 'unknown' as is_violation
from mart.session
