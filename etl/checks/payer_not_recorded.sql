/*
title = "Episodes have a payer"
category = "completeness"
counts = "episodes"
note = "5 %"
warn = "25 %"
message = "{violations} of {denominator} episodes have no payer."
remedy = "They are in no comparison of payers; map the column and its codes."
*/
-- One row per episode.
select episode_id, payer, coalesce(payer, 'unknown') = 'unknown' as is_violation
from core.episodes
