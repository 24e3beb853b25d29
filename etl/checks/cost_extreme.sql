/*
title = "Cost lines are within the usual"
category = "plausibility"
counts = "cost lines"
note = 1
warn = "1 %"
message = "{violations} of {denominator} cost lines are above $10,000 for outpatient care, laboratory or pharmacy, or above $100,000."
remedy = "Cents for dollars, or a whole stay on one line?"
*/
-- One row per cost line.
select
  cost_id,
  episode_id,
  service_date,
  setting,
  amount,
  amount > if(setting in ('residential', 'inpatient', 'withdrawal', 'emergency'), 100000, 10000) as is_violation
from core.costs
