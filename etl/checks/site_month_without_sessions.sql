/*
title = "No site is silent for a month"
category = "completeness"
counts = "months of sites in use"
warn = 1
message = "In {violations} of {denominator} months a site has no session, though it has some before and after."
remedy = "A file of that month is probably missing: export it again."
*/
-- One row per site and month between its first and last session.
with active as (
  select distinct episode.site, attendance.month_start
  from mart.attendance as attendance
  join mart.episode as episode using (episode_id)
),
span as (
  select site, unnest(generate_series(min(month_start), max(month_start), interval 1 month))::date as month_start
  from active
  group by site
)
select span.site, span.month_start, active.site is null as is_violation
from span
left join active on active.site = span.site and active.month_start = span.month_start
