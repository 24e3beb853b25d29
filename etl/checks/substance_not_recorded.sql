/*
title = "Addiction episodes have a primary substance"
category = "completeness"
counts = "addiction and co-occurring episodes"
note = "5 %"
warn = "25 %"
message = "{violations} of {denominator} addiction episodes have no primary substance, or 'none'."
remedy = "Map the column; 'none' is for mental-health episodes."
*/
-- One row per addiction or co-occurring episode.
select episode_id, program, primary_substance, coalesce(primary_substance, 'unknown') in ('unknown', 'none') as is_violation
from core.episodes
where program in ('SUD', 'COD')
