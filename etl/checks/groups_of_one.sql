/*
title = "Groups have more than one patient"
category = "plausibility"
counts = "group meetings"
note = "20 %"
warn = "50 %"
message = "{violations} of {denominator} group meetings had one patient present."
remedy = "Is `group_id` the patient's place, not the group? Group size is then understated."
*/
-- One row per group meeting.
select group_id, scheduled_start, site, present, present = 1 as is_violation
from mart.group_session
