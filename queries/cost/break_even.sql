/*
title = "Days of IOP that cost one stay"
question = "How many days of IOP cost as much as one inpatient or residential stay?"
formula = "Mean cost of an inpatient (residential) episode, over the cost of a day of IOP: total cost of IOP episodes over their days with an attended clinical service."
unit = "days"
higher_is = "neutral"
statistic = "bootstrap"
spec = ["CST-12"]
source = "CST-12"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
ignores_filters = ["level_of_care"]
notes = "Closed episodes with cost lines of one basis, never mixed. The interval draws each person's influence on the ratio, so its counts are no amounts. Missing n: closed episodes without cost lines of this basis."
warning = "People placed in IOP and in inpatient or residential care differ in severity, housing, safety and withdrawal risk. A raw cost or outcome gap between them is mostly who was placed where. Unadjusted figures here compare prices, not value. Adjusted figures still omit what was not recorded."

[parameters.basis]
type = "text"
default = "most common"
label = "Basis of cost"
choices = ["most common", "charge", "allowed", "paid", "provider_cost", "fee_schedule"]
*/
-- One row per compared group, level of care and influence of a person.
with closed as (
  select
    group_name,
    patient_id,
    level_of_care,
    cost_amount,
    coalesce(attended_days, 0) as attended_days,
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
level as (
  select
    group_name,
    level_of_care,
    count(*) filter (where has_cost) as n,
    avg(cost_amount) filter (where has_cost) as mean,
    sum(cost_amount) filter (where has_cost) / nullif(sum(attended_days) filter (where has_cost), 0) as a_day,
    sum(attended_days) filter (where has_cost) as days,
    count(*) filter (where not has_cost) as missing_n
  from closed
  group by group_name, level_of_care
),
ratio as (
  -- One row per group and level of care that is set against a day of IOP.
  select
    stay.group_name,
    stay.level_of_care,
    stay.n,
    stay.mean,
    iop.a_day,
    iop.days,
    stay.mean / iop.a_day as value,
    stay.missing_n + iop.missing_n as missing_n
  from level as stay
  join level as iop on iop.group_name = stay.group_name and iop.level_of_care = 'IOP'
  where stay.level_of_care <> 'IOP'
    and stay.n > 0
    and iop.a_day > 0
),
influence as (
  -- How far each person moves the ratio: the deviations from the mean stay and from the cost of a day.
  select
    ratio.group_name,
    ratio.level_of_care,
    closed.patient_id,
    sum(
      if(
        closed.level_of_care = 'IOP',
        -ratio.value * (closed.cost_amount - ratio.a_day * closed.attended_days) / (ratio.a_day * ratio.days),
        (closed.cost_amount - ratio.mean) / (ratio.n * ratio.a_day)
      )
    ) as influence
  from ratio
  join closed on closed.group_name = ratio.group_name and closed.level_of_care in ('IOP', ratio.level_of_care)
  where closed.has_cost
  group by ratio.group_name, ratio.level_of_care, closed.patient_id
),
drawn as (
  -- The mean of these over persons is the ratio, and their spread is that of the ratio.
  select
    ratio.group_name,
    ratio.level_of_care,
    ratio.value + influence * count(*) over (partition by ratio.group_name, ratio.level_of_care) as amount,
    ratio.missing_n
  from influence
  join ratio on ratio.group_name = influence.group_name and ratio.level_of_care = influence.level_of_care
),
named as (
  select any_value(replace(basis, '_', ' ')) as basis
  from closed
)
select
  group_name,
  'one ' || level_of_care || ' stay (' || basis || ')' as category,
  amount as numerator_amount,
  1 as denominator_amount,
  count(*) as weight,
  -- Once for each row of the answer: the statistic sums it.
  if(row_number() over (partition by group_name, level_of_care order by amount) = 1, any_value(missing_n), 0)
    as missing_n
from drawn
cross join named
group by group_name, level_of_care, basis, amount
order by group_name, level_of_care, amount
