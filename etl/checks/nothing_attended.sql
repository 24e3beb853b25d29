/*
title = "There is at least one attended clinical service"
severity = "warn"
message = "No service was attended before the data cut-off, so nothing can be measured yet. Check the mapping of the session status."
*/
-- One row.
select (count(*) filter (where is_started) = 0)::integer as violations, 1 as denominator
from mart.episode
