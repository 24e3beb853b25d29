/*
title = "Days of use and days in custody fit the window"
category = "plausibility"
counts = "reports with both"
note = 1
warn = "5 %"
message = "{violations} of {denominator} reports have more days of use and in a controlled environment than days."
remedy = "Check the window, and whether use in custody is reported."
*/
-- One row per report with days of use and in a controlled environment.
select
  use_event_id,
  patient_id,
  event_date,
  window_days,
  days_used,
  controlled_environment_days,
  days_used + controlled_environment_days > window_days as is_violation
from core.use_events
where days_used is not null and controlled_environment_days is not null and window_days is not null
