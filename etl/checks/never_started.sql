/*
title = "Admissions attend at least once"
category = "completeness"
counts = "episodes admitted before the analysis cut-off"
note = "1 %"
warn = "10 %"
message = "{violations} of {denominator} episodes admitted before the analysis cut-off have no attended service."
remedy = "They have no day 0 and are in no retention measure. Are their sessions missing from the export?"
*/
-- One row per episode admitted before the analysis cut.
select episode_id, patient_id, site, admission_date, not is_started as is_violation
from mart.episode
where admission_date <= $analysis_cut
