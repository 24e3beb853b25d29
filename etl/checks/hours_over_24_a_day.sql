/*
title = "A day has 24 hours"
category = "plausibility"
counts = "days with more than one long service"
warn = 1
message = "On {violations} of {denominator} days with two or more services of eight hours the recorded times of a patient add up to more than 24."
remedy = "Times are repeated or in the wrong unit; check these days."
*/
-- One row per patient and day with two or more attended services of eight hours or more.
select
  patient_id,
  session_date,
  count(*) as services,
  sum(actual_minutes) / 60 as hours,
  hours > 24 as is_violation
from mart.session
where is_attended and actual_minutes >= 480
group by patient_id, session_date
having services > 1
