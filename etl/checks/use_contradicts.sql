/*
title = "A report of no use has no days of use"
category = "conformance"
counts = "reports with days of use"
warn = 1
message = "{violations} of {denominator} reports say 'none' and days of use, or a substance and 0 days."
remedy = "Write 'none' where there was no use; check the mapping."
*/
-- One row per report with days of use.
select
  use_event_id,
  patient_id,
  event_date,
  substance,
  days_used,
  substance = 'none' and days_used > 0 as is_violation
from core.use_events
where days_used is not null
