/*
title = "Result difference at equal patients"
question = "Does 24-hour care do better than IOP for the same kind of patient?"
formula = "Good results per 100 people in residential (inpatient) care less those in IOP, as they are (crude) and with both arms weighted to the same mix of severity, age group, program, prior episodes and payer (weighted)."
unit = "per 100 people"
higher_is = "neutral"
statistic = "weighted_difference"
spec = ["CST-08"]
source = "CST-08, the effects of CST-09 to CST-11"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "person"
axis = "category"
ignores_filters = ["level_of_care"]
notes = "{new_users} {no_result}"
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
amount = "effect"

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
