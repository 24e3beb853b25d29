/*
title = "No site is silent for a month"
category = "completeness"
counts = "months of sites with 20 or more sessions a month"
warn = 1
message = "In {violations} of {denominator} months a site has no session, though it has some before and after."
remedy = "A file of that month is probably missing: export it again."
*/
-- One row per month between the first and last session of a site with 20 or more sessions in its average month.
with active as (
  select
    episode.site,
    attendance.month_start,
    sum(attended + no_show + late_cancel + client_cancel + program_cancel + unknown) as sessions
  from mart.attendance as attendance
  join mart.episode as episode using (episode_id)
  group by episode.site, attendance.month_start
),
span as (
  select site, unnest(generate_series(min(month_start), max(month_start), interval 1 month))::date as month_start
  from active
  group by site
  having avg(sessions) >= 20
)
select span.site, span.month_start, active.site is null as is_violation
from span
left join active on active.site = span.site and active.month_start = span.month_start
