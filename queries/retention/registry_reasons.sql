/*
title = "Reasons for discharge, in a registry"
question = "Why do stays end, in a public registry?"
formula = "Discharge records by reason (TEDS reasons 1 to 7, and not recorded), over all records."
unit = "share"
higher_is = "neutral"
statistic = "proportion"
spec = ["RET-11"]
source = "RET-11; SAMHSA, TEDS-D public use file"
reviewed = "not clinically reviewed"
dated_by = "discharge_year"
unit_of_analysis = "discharge"
axis = "category"
partition = true
notes = "The shares sum to one. Missing n: no reason recorded. {registry}"
not_listed = "They are records of other programs in a public registry."
*/
-- One row per compared group and reason.
with counted as (
  select group_name, discharge_reason, count(*) as discharges
  from selected_discharge
  group by group_name, discharge_reason
),
total as (
  select group_name, sum(discharges) as discharges, coalesce(sum(discharges) filter (where discharge_reason = 'unknown'), 0) as unknown
  from counted
  group by group_name
),
reason (place, discharge_reason) as (
  select generate_subscripts(reasons, 1), unnest(reasons)
  from (
    select ['completed', 'transferred', 'dropped_out', 'terminated', 'incarcerated', 'died', 'other', 'unknown'] as reasons
  )
)
select
  total.group_name,
  replace(reason.discharge_reason, '_', ' ') as category,
  coalesce(counted.discharges, 0) as numerator,
  total.discharges as denominator,
  total.unknown as missing_n
from total
cross join reason
left join counted on counted.group_name = total.group_name and counted.discharge_reason = reason.discharge_reason
order by total.group_name, reason.place
