/*
title = "Scores at intake are from the first month"
category = "plausibility"
counts = "scores at intake"
note = "2 %"
warn = "10 %"
message = "{violations} of {denominator} scores marked 'intake' are more than 30 days after day 0."
remedy = "They are no baseline; check the occasion."
*/
-- One row per score at intake.
select assessment_id, episode_id, assessed_date, day_of_care, day_of_care > 30 as is_violation
from mart.score
where timepoint = 'intake' and day_of_care is not null
