/*
title = "Group sessions name their group"
category = "completeness"
counts = "attended group sessions"
note = "20 %"
warn = "80 %"
message = "{violations} of {denominator} attended group sessions name no group."
remedy = "The size of these groups is unknown; map `group_id`."
*/
-- One row per attended group session.
select session_id, episode_id, session_date, group_id is null as is_violation
from mart.session
where is_attended and service_type = 'group'
