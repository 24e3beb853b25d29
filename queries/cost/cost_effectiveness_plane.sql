/*
title = "Cost-effectiveness plane"
question = "How sure is it that IOP costs less and does as well?"
formula = "Share of bootstrap draws of the weighted differences (24-hour care less IOP) in each quadrant of cost and result, and their correlation."
unit = "share"
higher_is = "neutral"
statistic = "plane"
spec = ["CST-09"]
source = "CST-09 (quadrants)"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "person"
axis = "category"
ignores_filters = ["level_of_care"]
notes = "{new_users} A draw without a difference counts with worse, or with cheaper. {one_basis} {no_result}"
warning = "{placement} {not_adjusted_for}"
not_listed = "It draws from the people whom incremental_cost_effectiveness lists."

[parameters.outcome]

[parameters.instrument]
shared = "result_instrument"

[parameters.basis]

[parameters.follow_up_days]
*/
-- One row per compared group, level of care, arm and people who are alike; in arms of many, alike in what is adjusted for.
select *
from compared_arm
order by all
