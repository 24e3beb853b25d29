/*
title = "Net benefit of 24-hour care"
question = "If one more good result is worth so much, is 24-hour care worth its price?"
formula = "λ·dE − dC: the value of the results that 24-hour care adds to those of IOP, less what it costs more, weighted, per person, at values λ of one result. Above 0 24-hour care is worth its price, below 0 IOP is."
unit = "USD"
higher_is = "neutral"
statistic = "net_benefit"
spec = ["CST-10"]
source = "CST-10"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "person"
axis = "step"
ignores_filters = ["level_of_care"]
notes = "{new_users} The step is the value of one result in US dollars: none, a half, once and twice the chosen one. No value of a completion or an abstinent day is agreed on: the reader chooses. {one_basis} {no_result}"
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
