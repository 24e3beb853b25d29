/*
title = "Few cost lines are reversals"
category = "plausibility"
counts = "cost lines"
note = "1 %"
warn = "10 %"
message = "{violations} of {denominator} cost lines are negative."
remedy = "A reversal needs the line that it reverses; were originals left out?"
*/
-- One row per cost line.
select cost_id, episode_id, service_date, amount, amount < 0 as is_violation
from core.costs
