/*
title = "Completion, in a registry"
question = "How many discharges of a public registry completed treatment?"
formula = "Completed (TEDS reason 1), and completed or transferred (reasons 1 and 4), over all discharge records."
unit = "share"
higher_is = "better"
statistic = "proportion"
spec = ["RET-11"]
source = "RET-11; SAMHSA, TEDS-D public use file"
reviewed = "not clinically reviewed"
dated_by = "discharge_year"
unit_of_analysis = "discharge"
axis = "category"
notes = "Missing n: no reason recorded; they count as not completed. {registry}"
not_listed = "They are records of other programs in a public registry."

[options]
nested = true
*/
-- One row per compared group and version of the rate.
with version (place, category, reasons) as (
  values
    (1, 'completed', ['completed']),
    (2, 'completed or transferred', ['completed', 'transferred'])
)
select
  group_name,
  category,
  count(*) filter (where list_contains(reasons, discharge_reason)) as numerator,
  count(*) as denominator,
  count(*) filter (where discharge_reason = 'unknown') as missing_n
from selected_discharge
cross join version
group by group_name, place, category
order by group_name, place
