/*
title = "There is at least one episode"
severity = "block"
message = "The export has no accepted episode: check the file and its dates, then load again."
*/
-- One row.
select (count(*) = 0)::integer as violations, 1 as denominator
from core.episodes
