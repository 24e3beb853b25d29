/*
title = "Items are answered 0 to 3"
category = "conformance"
counts = "assessments with items"
warn = 1
message = "{violations} of {denominator} forms of the PHQ-9 or GAD-7 have an item that is not 0, 1, 2 or 3."
remedy = "Leave a missing item empty; a code such as 9 or NA belongs into the mapping."
*/
-- One row per PHQ-9 or GAD-7 with items.
select
  assessment_id,
  instrument,
  item_scores,
  not regexp_full_match(item_scores, '[0-3]?(;[0-3]?)*') as is_violation
from core.assessments
where item_scores is not null and instrument in ('PHQ-9', 'GAD-7')
