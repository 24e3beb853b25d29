/*
title = "An episode's costs have one basis"
category = "conformance"
counts = "episodes with costs"
warn = 1
message = "{violations} of {denominator} episodes with costs mix charges, allowed and paid amounts."
remedy = "They are left out of cost measures; export one basis."
*/
-- One row per episode with costs.
select episode_id, min(basis) as basis, max(basis) as other_basis, min(basis) <> max(basis) as is_violation
from core.costs
group by episode_id
