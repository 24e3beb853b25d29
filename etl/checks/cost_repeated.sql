/*
title = "A service is billed once"
category = "plausibility"
counts = "episodes, days, codes and amounts that are billed"
note = "1 %"
warn = "5 %"
message = "{violations} of {denominator} combinations of episode, day, code and amount are billed more than once."
remedy = "The same claim twice, or units as lines? Costs count each line."
*/
-- One row per episode, day, setting, code and amount that is billed.
select episode_id, service_date, setting, billing_code, amount, count(*) as times, count(*) > 1 as is_violation
from core.costs
where amount > 0
group by episode_id, service_date, setting, billing_code, amount
