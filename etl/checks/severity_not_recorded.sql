/*
title = "Admissions have all six ASAM dimensions"
category = "completeness"
counts = "addiction and co-occurring episodes"
note = "20 %"
message = "{violations} of {denominator} addiction episodes lack an ASAM dimension at admission."
remedy = "They have no severity, so comparisons at equal severity leave them out."
*/
-- One row per addiction or co-occurring episode.
select episode_id, program, severity is null as is_violation
from mart.episode
where program in ('SUD', 'COD')
