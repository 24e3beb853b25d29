/*
title = "Length of stay, in a registry"
question = "How many stays in a public registry go beyond a month, two months, a quarter, half a year?"
formula = "Discharge records whose class of stay lies wholly beyond the limit, over all records."
unit = "share"
higher_is = "neutral"
statistic = "proportion"
spec = ["RET-11"]
source = "RET-11; SAMHSA, TEDS-D public use file"
reviewed = "not clinically reviewed"
dated_by = "discharge_year"
unit_of_analysis = "discharge"
axis = "category"
notes = "The limits are edges of TEDS-D's classes, and between two edges the registry knows no day: a median lies somewhere in the class in which the share falls below one half. Missing n: records whose class of stay spans the limit, counted as not beyond it. {registry}"
not_listed = "They are records of other programs in a public registry."

[options]
nested = true
*/
-- One row per compared group and limit.
with edge (days) as (
  values (30), (45), (60), (90), (120), (180), (365)
)
select
  group_name,
  'more than ' || days || ' days' as category,
  count(*) filter (where stay_days_from > days) as numerator,
  count(*) as denominator,
  count(*) filter (where stay_days_from <= days and (stay_days_to > days or stay_days_to is null)) as missing_n
from selected_discharge
cross join edge
group by group_name, days
order by group_name, days
