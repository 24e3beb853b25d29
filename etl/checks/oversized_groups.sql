/*
title = "Groups have at most 30 people"
category = "plausibility"
counts = "group meetings"
note = 1
warn = "1 %"
message = "{violations} of {denominator} group meetings had more than 30 patients present."
remedy = "Several groups under one name, or one group at several sites? Make `group_id` unique."
*/
-- One row per group meeting.
select group_id, scheduled_start, site, present, present > 30 as is_violation
from mart.group_session
