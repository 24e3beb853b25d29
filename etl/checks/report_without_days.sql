/*
title = "Reports over a window say the days of use"
category = "completeness"
counts = "reports over a week or more"
note = "5 %"
warn = "30 %"
message = "{violations} of {denominator} reports over a window do not say on how many days there was use."
remedy = "Nothing is known of these days; map `days_used`."
*/
-- One row per report over a window.
select use_event_id, patient_id, event_date, window_days, days_used is null as is_violation
from core.use_events
where window_days >= 7 and substance <> 'none'
