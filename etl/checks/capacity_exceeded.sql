/*
title = "Sites hold no more patients than they can"
category = "plausibility"
context = "validation"
counts = "sites with a capacity"
note = 1
message = "{violations} of {denominator} sites have more than one and a half times as many open IOP episodes as places."
remedy = "Discharge episodes that have ended, or correct the capacity."
*/
-- One row per site with a capacity.
select
  sites.site,
  sites.capacity,
  count(episode.episode_id) as open_episodes,
  open_episodes > 1.5 * sites.capacity as is_violation
from core.sites as sites
left join mart.episode as episode
  on episode.site = sites.site
  and episode.level_of_care = 'IOP'
  and episode.discharge_date is null
where sites.capacity is not null
group by sites.site, sites.capacity
