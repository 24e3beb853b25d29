/*
title = "Answers change over time"
category = "plausibility"
counts = "patients with five or more forms of an instrument"
note = 1
warn = "5 %"
message = "{violations} of {denominator} series of five or more forms have the same answers each time, and not all 0."
remedy = "Were answers copied from the last form?"
*/
-- One row per patient and instrument with five or more itemised forms.
select
  patient_id,
  instrument,
  count(*) as forms,
  min(item_scores) as answers,
  min(item_scores) = max(item_scores) and max(score) > 0 as is_violation
from core.assessments
where item_scores is not null
group by patient_id, instrument
having forms >= 5
