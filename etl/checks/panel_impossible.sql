/*
title = "No specimen is positive for eight substances"
category = "plausibility"
counts = "specimens with a panel"
note = 1
warn = "1 %"
message = "{violations} of {denominator} specimens are positive for eight or more substances at once."
remedy = "Is the column the panel, not the result? Check the mapping."
*/
-- One row per specimen with two or more substances.
select
  specimen_id,
  count(*) as tested_for,
  count(*) filter (where is_positive_reported) as positives,
  count(*) filter (where is_positive_reported) >= 8 as is_violation
from mart.urine
where substance <> 'any'
group by specimen_id
having tested_for > 1
