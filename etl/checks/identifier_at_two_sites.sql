/*
title = "Few people are at two sites on one day"
category = "plausibility"
counts = "patients with a service"
note = "2 %"
warn = "5 %"
message = "{violations} of {denominator} patients attended at two sites on one day."
remedy = "Beyond transfers: an identifier that two sites gave to two people? Build the key with the site."
*/
-- One row per patient with an attended service.
with visit as (
  select day.patient_id, day.service_date, min(episode.site) as site, max(episode.site) as other_site
  from mart.service_day as day
  join mart.episode as episode using (episode_id)
  where day.patient_id in (select patient_id from mart.episode group by patient_id having count(distinct site) > 1)
  group by day.patient_id, day.service_date
),
twice as (
  select patient_id, min(service_date) as service_date, any_value(site) as site, any_value(other_site) as other_site
  from visit
  where site <> other_site
  group by patient_id
)
select
  attended.patient_id,
  twice.service_date,
  twice.site,
  twice.other_site,
  twice.patient_id is not null as is_violation
from (select distinct patient_id from mart.episode where is_started) as attended
left join twice on twice.patient_id = attended.patient_id
