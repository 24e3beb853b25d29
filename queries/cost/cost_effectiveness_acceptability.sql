/*
title = "Acceptability of 24-hour care"
question = "At which value of a good result does 24-hour care become worth its price?"
formula = "Share of bootstrap draws in which λ·dE − dC is above 0, for values λ of one result from 0 to twice the chosen one."
unit = "share"
higher_is = "neutral"
statistic = "acceptability"
spec = ["CST-11"]
source = "CST-11"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "person"
axis = "step"
ignores_filters = ["level_of_care"]
notes = "{new_users} The step is the value of one result in US dollars. The share for IOP is what is left to one. {one_basis} {no_result}"
warning = "{placement} {not_adjusted_for}"
exclusions = [
  "never_started",
  "starts_after_cut",
  "not_compared_level",
  "outside_dates",
  "not_first_compared",
  { name = "too_recent", days = "$follow_up_days" },
  "no_compared_cost",
  "compared_result_unknown",
]

[options]
step_name = "Value of one result, USD"

[parameters.outcome]

[parameters.instrument]
shared = "result_instrument"

[parameters.willingness_to_pay]

[parameters.basis]

[parameters.follow_up_days]
*/
-- One row per compared group, level of care, arm and people who are alike; in arms of many, alike in what is adjusted for.
select *
from compared_arm
order by all
