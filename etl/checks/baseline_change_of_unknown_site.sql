/*
title = "Changes of process name a known site"
category = "conformance"
counts = "changes of process"
warn = 1
message = "{violations} of {denominator} changes of process are of a site that the export does not have, or lie after the data cut."
remedy = "Write the site as in the episodes, or 'all'."
*/
-- One row per change.
select
  measure,
  site,
  from_date,
  (site <> 'all' and site not in (select site from core.sites)) or from_date > $data_cut as is_violation
from core.baseline_changes
