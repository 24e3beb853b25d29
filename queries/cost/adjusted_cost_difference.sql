/*
title = "Cost difference at equal patients"
question = "How much more does 24-hour care cost than IOP for the same kind of patient?"
formula = "Mean cost of a person's first episode in residential (inpatient) care less that in IOP, as it is (crude) and with both arms weighted to the same mix of severity, age group, program, prior episodes and payer (weighted)."
unit = "USD"
higher_is = "neutral"
statistic = "weighted_difference"
spec = ["CST-08"]
source = "CST-08 (weighted); entropy balancing: Hainmueller 2012"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "person"
axis = "category"
ignores_filters = ["level_of_care"]
notes = "{new_users} {one_basis} Missing n: people without cost lines of this basis, or still in care after the follow-up."
warning = "{placement} {not_adjusted_for}"
exclusions = [
  "never_started",
  "starts_after_cut",
  "not_compared_level",
  "outside_dates",
  "not_first_compared",
  { name = "too_recent", days = "$follow_up_days" },
  "no_compared_cost",
]

[options]
amount = "cost"

[parameters.basis]

[parameters.follow_up_days]
*/
-- One row per compared group, level of care, arm and people who are alike; in arms of many, alike in what is adjusted for.
select *
from compared_cost_arm
order by all
