/*
title = "There is at least one attended clinical service"
category = "completeness"
counts = "exports"
warn = 1
message = "No service was attended before the data cut-off, so nothing can be measured yet."
remedy = "Check the mapping of the session status."
*/
-- One row, none without episodes.
select count(*) as episodes, count(*) filter (where is_started) = 0 as is_violation
from mart.episode
having count(*) > 0
