/*
title = "Forms have as many items as the instrument"
category = "conformance"
counts = "assessments with items"
warn = 1
message = "{violations} of {denominator} forms have more or fewer places for items than the PHQ-9 (9) or GAD-7 (7)."
remedy = "An empty place is a missing item: `1;;2`. Check how the items are joined."
*/
-- One row per PHQ-9 or GAD-7 with items.
select
  assessment_id,
  instrument,
  item_scores,
  length(item_scores) - length(replace(item_scores, ';', '')) + 1 as items,
  items <> if(instrument = 'PHQ-9', 9, 7) as is_violation
from core.assessments
where item_scores is not null and instrument in ('PHQ-9', 'GAD-7')
