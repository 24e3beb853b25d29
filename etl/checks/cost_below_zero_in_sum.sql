/*
title = "An episode does not cost less than nothing"
category = "plausibility"
counts = "episodes with costs"
warn = 1
message = "{violations} of {denominator} episodes with costs have a negative sum."
remedy = "The reversed lines are missing from the export."
*/
-- One row per episode with costs.
select episode_id, sum(amount) as amount, sum(amount) < 0 as is_violation
from core.costs
group by episode_id
