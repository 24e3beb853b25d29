/*
title = "Item scores add up to the total"
category = "conformance"
counts = "assessments with all items"
warn = 1
message = "{violations} of {denominator} assessments with all items have another total than the sum of their items."
remedy = "The total is used; check the form."
*/
-- One row per PHQ-9 or GAD-7 with all items.
with itemised as (
  select
    assessment_id,
    instrument,
    score,
    item_scores,
    list_sum(list_transform(string_split(item_scores, ';'), lambda x: try_cast(x as double))) as total
  from core.assessments
  where item_scores is not null
    and score is not null
    and instrument in ('PHQ-9', 'GAD-7')
    and not list_contains(string_split(item_scores, ';'), '')
)
select *, coalesce(abs(total - score) > 0.001, true) as is_violation
from itemised
