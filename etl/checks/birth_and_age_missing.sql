/*
title = "Patients in care have an age"
category = "completeness"
counts = "episodes"
note = 1
warn = "1 %"
message = "{violations} of {denominator} episodes have neither a birth date nor an age at admission."
remedy = "They are in no age group; give one of the two."
*/
-- One row per episode.
select episode_id, patient_id, admission_date, age_group is null as is_violation
from mart.episode
