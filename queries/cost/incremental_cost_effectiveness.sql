/*
title = "Price of one more good result in 24-hour care"
question = "What does 24-hour care cost for each good result that it adds to those of IOP?"
formula = "Weighted cost difference over the difference in the result for one person (a completion or step down, an abstinent day within the follow-up, or a reliable improvement): dC/dE (icer); beside it the cost difference and the net benefit of 24-hour care at the chosen value of a result, λ·dE − dC."
unit = "USD"
higher_is = "neutral"
statistic = "icer"
spec = ["CST-09"]
source = "CST-09; Fenwick 2001"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "person"
axis = "category"
ignores_filters = ["level_of_care"]
notes = "{new_users} The ratio is not printed where the interval of dE holds 0, nor where one side costs less and does better (dominance): its sign would mislead, and the method says which it is. Its interval is of percentiles. {one_basis} {no_result}"
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
