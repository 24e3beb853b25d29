/*
title = "No site's sessions fall by half from one month to the next"
category = "plausibility"
context = "validation"
counts = "sites with 50 or more sessions a month before"
note = 1
warn = "25 %"
message = "At {violations} of {denominator} sites the last whole month has less than half the sessions of the three before."
remedy = "Did the site close, or is a file of that month incomplete?"
*/
-- One row per site with 50 or more sessions a month in the three months before the last whole one.
with by_month as (
  select
    episode.site,
    attendance.month_start,
    sum(attended + no_show + late_cancel + client_cancel + program_cancel + unknown) as sessions
  from mart.attendance as attendance
  join mart.episode as episode using (episode_id)
  group by episode.site, attendance.month_start
),
whole_month as (
  select (date_trunc('month', $analysis_cut::date + 1) - interval 1 month)::date as month_start
)
select
  site,
  coalesce(sum(sessions) filter (where by_month.month_start = whole_month.month_start), 0) as sessions_now,
  coalesce(sum(sessions) filter (
    where by_month.month_start >= whole_month.month_start - interval 3 month
      and by_month.month_start < whole_month.month_start
  ), 0) / 3 as sessions_before,
  sessions_now < 0.5 * sessions_before as is_violation
from by_month
cross join whole_month
group by site
having sessions_before >= 50
