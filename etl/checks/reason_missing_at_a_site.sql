/*
title = "No site stops recording discharge reasons"
category = "completeness"
counts = "site-quarters with 20 or more discharges"
warn = 1
message = "In {violations} of {denominator} quarters of a site a fifth or more of the discharges have no reason."
remedy = "Ask the site; its completion rate of that quarter means nothing."
*/
-- One row per site and quarter with 20 or more discharges.
select
  site,
  date_trunc('quarter', discharge_date)::date as quarter_start,
  count(*) as discharges,
  count(*) filter (where coalesce(discharge_reason, 'unknown') = 'unknown') as without_reason,
  without_reason >= 0.2 * discharges as is_violation
from core.episodes
where discharge_date is not null
group by site, quarter_start
having discharges >= 20
