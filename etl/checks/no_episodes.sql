/*
title = "There is at least one episode, or one discharge of a registry"
category = "completeness"
counts = "exports"
block = 1
message = "The export has no accepted episode."
remedy = "Check the file of episodes and its dates, then load again."
*/
-- One row.
select episodes, registry_discharges, episodes + registry_discharges = 0 as is_violation
from (select count(*) as episodes from core.episodes) as cared_for
cross join (select count(*) as registry_discharges from core.registry_discharges) as registered
