/*
title = "Few forms have one answer throughout"
category = "plausibility"
counts = "forms of the PHQ-9 and GAD-7 with items and a score above 0"
note = "5 %"
warn = "20 %"
message = "{violations} of {denominator} forms have the same answer to every question."
remedy = "Were the forms filled in with care, or by somebody else?"
*/
-- One row per form with items and a score above 0.
select
  assessment_id,
  instrument,
  assessed_date,
  item_scores,
  regexp_full_match(item_scores, '1(;1)*|2(;2)*|3(;3)*') as is_violation
from core.assessments
where item_scores is not null and score > 0 and instrument in ('PHQ-9', 'GAD-7')
