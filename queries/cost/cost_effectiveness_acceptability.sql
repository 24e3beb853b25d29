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
notes = "Each person's first episode at one of the three levels of care within the chosen dates (new users), of those who started at least the follow-up before the analysis cut-off. Weights (entropy balancing) give both arms the mix of the two together in severity, age group, program, prior episodes and payer. Left out as outside the overlap: people with a characteristic that fewer than 11 persons of an arm have. Not shown where more than half are outside, where an effective sample size is below 20, or where a standardised difference of 0.1 or more remains. The interval draws persons within each arm, pairs of cost and effect together, and weighs each draw anew. The step is the value of one result in US dollars. The share for IOP is what is left to one. One basis of cost, never mixed. US dollars of the years of service, not adjusted for inflation nor discounted (the horizon is under a year), from the perspective of the basis: the payer's, or the provider's for provider cost. Cost is that of the episode itself: later care is not in it. Missing n: people without cost lines of this basis, still in care after the follow-up, or without a known result (improvement needs a first score, those not seen again have not improved; abstinent days need a usable report, and mental-health programs are left out)."
warning = "People placed in IOP and in inpatient or residential care differ in severity, housing, safety and withdrawal risk. A raw cost or outcome gap between them is mostly who was placed where. Unadjusted figures here compare prices, not value. Adjusted figures still omit what was not recorded. Not in the adjustment, and so not ruled out: withdrawal risk and safety beyond the severity band, housing, motivation, mandates, spending in the year before, and whatever was not recorded."
exclusions = [
  "never_started",
  "starts_after_cut",
  { when = "episode.level_of_care not in ('IOP', 'residential', 'inpatient')", because = "A level of care that is not compared" },
  "outside_dates",
  { when = "not compared.is_first", because = "Not this person's first episode at the levels of care that are compared" },
  { name = "too_recent", days = "$follow_up_days" },
  { when = "compared.cost_amount is null", because = "No cost lines of this basis alone, or still in care" },
  { when = "compared_result.is_unknown", because = "The result is not known: {$outcome}" },
]

[options]
step_name = "Value of one result, USD"

[parameters.outcome]
type = "text"
default = "completed or stepped down"
label = "What counts as a good result"
choices = ["completed or stepped down", "abstinent days", "reliably improved"]

[parameters.instrument]
type = "text"
default = "PHQ-9"
label = "Instrument, where the result is reliable improvement"
choices = ["PHQ-9", "GAD-7", "BAM-Use", "BAM-Risk", "CES-D", "PCL-5", "WHO-5"]

[parameters.willingness_to_pay]
type = "integer"
default = 25000
label = "US dollars that one more good result is worth"
choices = [25, 50, 100, 250, 1000, 2500, 5000, 10000, 25000, 50000]

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
select
  group_name,
  category,
  arm,
  severity,
  age,
  program,
  prior_care,
  payer,
  weight,
  cost,
  effect,
  cost_cost,
  cost_effect,
  effect_effect,
  missing_n
from compared_arm
order by all
