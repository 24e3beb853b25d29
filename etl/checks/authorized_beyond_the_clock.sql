/*
title = "Authorized hours fit their days"
category = "plausibility"
counts = "authorizations with hours"
note = 1
message = "{violations} of {denominator} authorizations cover more than ten hours for each of their days."
remedy = "Units of 15 minutes mapped as hours?"
*/
-- One row per authorization with hours.
select
  authorization_id,
  episode_id,
  start_date,
  end_date,
  authorized_hours,
  authorized_hours > 10 * (end_date - start_date + 1) as is_violation
from core.authorizations
where authorized_hours is not null
