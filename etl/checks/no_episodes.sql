/*
title = "There is at least one episode, or one discharge of a registry"
severity = "block"
message = "The export has no accepted episode: check the file and its dates, then load again."
*/
-- One row.
select
  ((select count(*) from core.episodes) + (select count(*) from core.registry_discharges) = 0)::integer as violations,
  1 as denominator
