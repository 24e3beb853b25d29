/*
title = "Admissions attend at least once"
severity = "note"
message = "{violations} of {denominator} episodes admitted before the analysis cut-off have no attended service. They have no day 0 and are in no retention measure."
*/
-- One row.
select count(*) filter (where not is_started) as violations, count(*) as denominator
from mart.episode
where admission_date <= $analysis_cut
