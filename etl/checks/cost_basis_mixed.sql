/*
title = "An episode's costs have one basis"
severity = "warn"
message = "{violations} of {denominator} episodes with costs mix charges, allowed and paid amounts. They are left out of cost measures."
*/
-- One row.
with bases as (select episode_id, count(distinct basis) as basis_count from core.costs group by episode_id)
select count(*) filter (where basis_count > 1) as violations, count(*) as denominator
from bases
