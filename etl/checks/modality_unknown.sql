/*
title = "Attended sessions say whether they were in person"
category = "completeness"
counts = "attended sessions"
note = "5 %"
message = "{violations} of {denominator} attended sessions do not say whether they were in person or by video."
remedy = "Comparisons by modality leave them out; map the column."
*/
-- One row per attended session.
select session_id, episode_id, session_date, modality = 'unknown' as is_violation
from mart.session
where is_attended
