/*
title = "Balance of the comparison with 24-hour care"
question = "Are the people who are compared alike?"
formula = "Share of people with a characteristic in residential (inpatient) care less that in IOP, over the standard deviation before weighting (standardised mean difference), before and after weighting."
unit = "standard deviations"
higher_is = "neutral"
statistic = "balance"
spec = ["CST-08"]
source = "CST-08; standardised differences: Austin 2009; below 0.1 is balanced"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "person"
axis = "category"
ignores_filters = ["level_of_care"]
notes = "{new_users} Rounded to two digits; a characteristic that 1 to 10 persons of an arm have, or lack, is hidden. n: persons of both arms. Missing n: people without cost lines of this basis, or still in care after the follow-up."
warning = "{placement} {not_adjusted_for}"
not_listed = "It describes the people whom adjusted_cost_difference lists."

[parameters.compared]
type = "text"
default = "inpatient"
label = "Level of care beside IOP"
choices = ["residential", "inpatient"]

[parameters.basis]

[parameters.follow_up_days]
*/
-- One row per compared group, level of care, arm and people who are alike; in arms of many, alike in what is adjusted for.
select *
from compared_cost_arm
where starts_with(category, $compared || ' less ')
order by all
