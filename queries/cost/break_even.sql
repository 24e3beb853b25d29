/*
title = "Days of IOP that cost one stay"
question = "How many days of IOP cost as much as one inpatient or residential stay?"
formula = "Mean cost of an inpatient (residential) episode, over the cost of a day of IOP: total cost of IOP episodes over their days with an attended clinical service."
unit = "days"
higher_is = "neutral"
statistic = "contrast"
spec = ["CST-12"]
source = "CST-12"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
counted = "person"
axis = "category"
ignores_filters = ["level_of_care"]
notes = "Closed episodes with cost lines of one basis, never mixed. The interval draws persons within each level of care; n counts them. Missing n: closed episodes without cost lines of this basis."
warning = "{placement}"
not_listed = "It sets the mean cost of a stay against that of a day of IOP. The episodes are those of `iop explain cost_comparison`, and for the day those of `iop explain cost_per_day`."

[parameters.basis]
*/
-- One row per compared group, level of care that is set against IOP, arm and amounts of a person.
with closed as (
  select
    group_name,
    patient_id,
    level_of_care,
    cost_amount,
    attended_days,
    coalesce(is_cost_complete and cost_basis = basis, false) as has_cost,
    basis
  from selected_episode
  cross join (
    select
      if($basis = 'most common', mode(cost_basis order by cost_basis) filter (where is_cost_complete), $basis) as basis
    from selected_episode
  )
  where is_closed
    and level_of_care in ('IOP', 'residential', 'inpatient')
    and day_zero between $date_from and $date_to
),
person as (
  select
    group_name,
    level_of_care,
    patient_id,
    sum(cost_amount) as amount,
    if(level_of_care = 'IOP', sum(attended_days), count(*)) as units
  from closed
  where has_cost
  group by group_name, level_of_care, patient_id
),
level as (
  select
    group_name,
    level_of_care,
    count(*) filter (where has_cost) as episodes,
    count(*) filter (where not has_cost) as missing_n,
    any_value(replace(basis, '_', ' ')) as basis
  from closed
  group by group_name, level_of_care
),
pair as (
  -- Each level of care with a cost, beside IOP with one.
  select stay.group_name, stay.level_of_care, stay.basis
  from level as stay
  join level as iop on iop.group_name = stay.group_name and iop.level_of_care = 'IOP'
  where stay.level_of_care <> 'IOP'
    and stay.episodes > 0
    and iop.episodes > 0
)
select
  pair.group_name,
  'one ' || pair.level_of_care || ' stay (' || pair.basis || ')' as category,
  person.level_of_care as arm,
  1 as coefficient,
  person.level_of_care = 'IOP' as is_divisor,
  person.amount as numerator_amount,
  person.units as denominator_amount,
  count(*) as weight,
  any_value(level.missing_n) as missing_n
from pair
join person on person.group_name = pair.group_name and person.level_of_care in ('IOP', pair.level_of_care)
join level on level.group_name = person.group_name and level.level_of_care = person.level_of_care
group by pair.group_name, pair.level_of_care, pair.basis, person.level_of_care, person.amount, person.units
order by pair.group_name, pair.level_of_care, arm, numerator_amount, denominator_amount
