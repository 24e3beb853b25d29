/*
title = "Item scores add up to the total"
severity = "warn"
message = "{violations} of {denominator} assessments with all items have another total than the sum of their items. The total is used; check the form."
*/
-- One row.
with itemised as (
  select score, list_sum(list_transform(string_split(item_scores, ';'), lambda x: try_cast(x as double))) as total
  from core.assessments
  where item_scores is not null
    and score is not null
    and instrument in ('PHQ-9', 'GAD-7')
    and not list_contains(string_split(item_scores, ';'), '')
)
select count(*) filter (where abs(total - score) > 0.001) as violations, count(*) as denominator
from itemised
