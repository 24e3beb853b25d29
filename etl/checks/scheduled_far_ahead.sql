/*
title = "Nothing is scheduled more than a year ahead"
category = "plausibility"
counts = "sessions after the data cut"
note = 1
message = "{violations} of {denominator} future sessions are more than a year after the data cut."
remedy = "Check the year."
*/
-- One row per session after the data cut.
select session_id, episode_id, session_date, session_date > $data_cut + 366 as is_violation
from core.sessions
where session_date > $data_cut
