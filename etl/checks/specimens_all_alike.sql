/*
title = "Urine results differ within a site"
category = "plausibility"
counts = "sites with 50 or more valid specimens"
warn = 1
message = "At {violations} of {denominator} sites every specimen has the same result."
remedy = "A default, or positives only? Negatives need a panel in the mapping."
*/
-- One row per site with 50 or more valid specimens.
select
  episode.site,
  count(*) as specimens,
  count(*) filter (where urine.is_positive_reported) as positives,
  positives in (0, specimens) as is_violation
from mart.urine as urine
join mart.episode as episode on episode.episode_id = urine.episode_id
where urine.substance = 'any' and urine.is_valid
group by episode.site
having specimens >= 50
