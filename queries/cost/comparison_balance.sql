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
notes = "Each person's first episode at one of the three levels of care within the chosen dates (new users), of those who started at least the follow-up before the analysis cut-off. Weights (entropy balancing) give both arms the mix of the two together in severity, age group, program, prior episodes and payer. Left out as outside the overlap: people with a characteristic that fewer than 11 persons of an arm have. Not shown where more than half are outside, where an effective sample size is below 20, or where a standardised difference of 0.1 or more remains. The interval draws persons within each arm, pairs of cost and effect together, and weighs each draw anew. Rounded to two digits; a characteristic that 1 to 10 persons of an arm have, or lack, is hidden. n: persons of both arms. Missing n: people without cost lines of this basis, or still in care after the follow-up."
warning = "People placed in IOP and in inpatient or residential care differ in severity, housing, safety and withdrawal risk. A raw cost or outcome gap between them is mostly who was placed where. Unadjusted figures here compare prices, not value. Adjusted figures still omit what was not recorded. Not in the adjustment, and so not ruled out: withdrawal risk and safety beyond the severity band, housing, motivation, mandates, spending in the year before, and whatever was not recorded."
not_listed = "It describes the people whom adjusted_cost_difference lists."

[parameters.compared]
type = "text"
default = "inpatient"
label = "Level of care beside IOP"
choices = ["residential", "inpatient"]

[parameters.basis]
type = "text"
default = "most common"
label = "Basis of cost"
choices = ["most common", "charge", "allowed", "paid", "provider_cost", "fee_schedule"]

[parameters.follow_up_days]
type = "integer"
default = 120
label = "Days since day 0 that must have passed, so that the episode could have ended"
choices = [90, 120, 180]
*/
-- One row per compared group, level of care, arm and people who are alike; in arms of many, alike in what is adjusted for.
with person as (
  select
    *,
    unnest(if(level_of_care = 'IOP', ['residential', 'inpatient'], [level_of_care])) as compared_level,
    count(*) over (partition by group_name, level_of_care) > 5000 as is_many
  from compared_episode
  where is_first and is_followed
)
select
  group_name,
  compared_level || ' less IOP (' || basis || ')' as category,
  level_of_care as arm,
  severity,
  age,
  program,
  prior_care,
  payer,
  count(cost_amount) as weight,
  coalesce(sum(cost_amount), 0) as cost,
  0.0 as effect,
  coalesce(sum(cost_amount * cost_amount), 0) as cost_cost,
  0.0 as cost_effect,
  0.0 as effect_effect,
  count(*) - count(cost_amount) as missing_n
from person
where compared_level = $compared
group by
  group_name,
  category,
  arm,
  severity,
  age,
  program,
  prior_care,
  payer,
  -- Where there are many, sums and squares are enough to draw from.
  if(is_many, null, cost_amount)
order by all
