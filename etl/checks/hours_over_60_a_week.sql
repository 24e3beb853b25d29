/*
title = "Outpatient care is at most 60 hours a week"
category = "plausibility"
counts = "weeks of outpatient care"
note = 1
warn = "1 %"
message = "In {violations} of {denominator} weeks more than 60 attended hours count for one patient."
remedy = "Check for repeated sessions, or minutes mapped as hours."
*/
-- One row per episode and week of IOP or OP.
select week.episode_id, week.week_start, week.attended_hours, week.attended_hours > 60 as is_violation
from mart.episode_week as week
join mart.episode as episode using (episode_id)
where episode.level_of_care in ('IOP', 'OP')
