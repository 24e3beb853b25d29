/*
title = "Few cost lines are empty"
category = "completeness"
counts = "cost lines"
note = "5 %"
warn = "20 %"
message = "{violations} of {denominator} cost lines have the amount 0."
remedy = "Not yet adjudicated, or covered by a case rate? They pull costs down."
*/
-- One row per cost line.
select cost_id, episode_id, service_date, amount, amount = 0 as is_violation
from core.costs
