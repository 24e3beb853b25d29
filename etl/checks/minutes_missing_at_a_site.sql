/*
title = "No site stops recording times"
category = "completeness"
counts = "site-months with 20 or more attended sessions"
note = 1
warn = "10 %"
message = "In {violations} of {denominator} site-months a fifth or more of the attended sessions lack a time."
remedy = "Ask the site what changed in that month; its hours are understated."
*/
-- One row per site and month with 20 or more attended sessions.
select
  episode.site,
  attendance.month_start,
  sum(attendance.attended) as sessions,
  sum(attendance.attended_minutes_missing) as without_times,
  without_times >= 0.2 * sessions as is_violation
from mart.attendance as attendance
join mart.episode as episode using (episode_id)
group by episode.site, attendance.month_start
having sessions >= 20
