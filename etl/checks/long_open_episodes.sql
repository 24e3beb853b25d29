/*
title = "Open episodes have recent services"
severity = "note"
message = "{violations} of {denominator} open episodes had no service in the ascertainment window. Measures count them as left; discharge them in the record."
*/
-- One row.
select
  count(*) filter (where is_started and last_attended_date <= $analysis_cut) as violations,
  count(*) as denominator
from mart.episode
where discharge_date is null
