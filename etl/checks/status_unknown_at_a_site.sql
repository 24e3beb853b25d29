/*
title = "No site leaves the outcome of sessions open"
category = "completeness"
counts = "site-months with 20 or more sessions"
note = 1
warn = "10 %"
message = "In {violations} of {denominator} site-months a tenth or more of the sessions have no recorded outcome."
remedy = "Close the open appointments of that month in the record."
*/
-- One row per site and month with 20 or more sessions.
select
  episode.site,
  attendance.month_start,
  sum(attended + no_show + late_cancel + client_cancel + program_cancel + unknown) as sessions,
  sum(unknown) as without_outcome,
  without_outcome >= 0.1 * sessions as is_violation
from mart.attendance as attendance
join mart.episode as episode using (episode_id)
group by episode.site, attendance.month_start
having sessions >= 20
