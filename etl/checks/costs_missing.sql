/*
title = "Closed episodes have costs"
category = "completeness"
counts = "closed IOP episodes"
note = "5 %"
warn = "20 %"
message = "{violations} of {denominator} closed IOP episodes have no cost line."
remedy = "Are the claims exported up to the same day? Cost measures leave these out."
*/
-- One row per closed and started IOP episode, where there are costs at all.
select episode_id, patient_id, site, exit_date, coalesce(cost_lines, 0) = 0 as is_violation
from mart.episode
where is_started
  and is_closed
  and level_of_care = 'IOP'
  and exists (select 1 from core.costs)
