/*
title = "Break-even rate of later inpatient stays"
question = "How many more IOP patients would have to be admitted later for IOP to cost as much as inpatient care?"
formula = "Difference between the mean costs of an inpatient and an IOP episode, over the mean cost of a later inpatient episode; beside it the share of IOP less the share of inpatient episodes that were followed by one within the horizon."
unit = "share"
higher_is = "neutral"
statistic = "bootstrap"
spec = ["CST-12"]
source = "CST-12, decision 19"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
ignores_filters = ["level_of_care"]
notes = "IOP costs less while the observed difference is below the break-even one. Outside 0 to 1 there is no break-even: never (IOP costs less even if everybody is admitted later) or always (it costs more already). Later stays: inpatient admissions 1 day to the horizon after the exit, of episodes whose horizon has ended. One basis of cost, never mixed. The intervals draw each person's influence, so their counts are no counts. Missing n: closed episodes without cost lines of this basis, or, for the observed difference, whose horizon has not ended."
warning = "People placed in IOP and in inpatient or residential care differ in severity, housing, safety and withdrawal risk. A raw cost or outcome gap between them is mostly who was placed where. Unadjusted figures here compare prices, not value. Adjusted figures still omit what was not recorded."

[parameters.basis]
type = "text"
default = "most common"
label = "Basis of cost"
choices = ["most common", "charge", "allowed", "paid", "provider_cost", "fee_schedule"]

[parameters.horizon_days]
type = "integer"
default = 180
label = "Days after the exit in which an inpatient stay counts as later"
choices = [90, 180, 365]
*/
-- One row per compared group, difference and influence of a person.
with closed as (
  select
    episode_id,
    group_name,
    patient_id,
    level_of_care,
    cost_amount,
    exit_date,
    exit_date + $horizon_days::integer <= $analysis_cut as is_followed,
    coalesce(is_cost_complete and cost_basis = basis, false) as has_cost,
    basis
  from selected_episode
  cross join (
    select
      if($basis = 'most common', mode(cost_basis order by cost_basis) filter (where is_cost_complete), $basis) as basis
    from selected_episode
  )
  where is_closed
    and level_of_care in ('IOP', 'inpatient')
    and day_zero between $date_from and $date_to
),
later as (
  -- One row per closed episode and later inpatient episode of the same person.
  select
    closed.episode_id,
    closed.group_name,
    closed.patient_id,
    next.episode_id as next_id,
    next.cost_amount,
    coalesce(next.is_cost_complete and next.cost_basis = closed.basis, false) as has_cost
  from closed
  join mart.episode as next
    on next.patient_id = closed.patient_id
    and next.level_of_care = 'inpatient'
    and next.admission_date between closed.exit_date + 1 and closed.exit_date + $horizon_days::integer
),
part as (
  -- One row per group, quantity and episode that it is the mean of.
  select group_name, 'inpatient cost' as quantity, patient_id, cost_amount as amount
  from closed
  where has_cost and level_of_care = 'inpatient'
  union all
  select group_name, 'IOP cost', patient_id, cost_amount
  from closed
  where has_cost and level_of_care = 'IOP'
  union all
  select group_name, 'later cost', patient_id, cost_amount
  from (select distinct group_name, patient_id, next_id, cost_amount from later where has_cost)
  union all
  select
    group_name,
    if(level_of_care = 'IOP', 'IOP admitted', 'inpatient admitted'),
    patient_id,
    (episode_id in (select episode_id from later))::integer
  from closed
  where is_followed
),
quantity as (
  select group_name, quantity, avg(amount)::double as mean, count(*) as n
  from part
  group by group_name, quantity
),
mean as (
  select
    group_name,
    max(mean) filter (where quantity = 'inpatient cost') as inpatient_cost,
    max(mean) filter (where quantity = 'IOP cost') as iop_cost,
    max(mean) filter (where quantity = 'later cost') as later_cost,
    max(mean) filter (where quantity = 'inpatient admitted') as inpatient_admitted,
    max(mean) filter (where quantity = 'IOP admitted') as iop_admitted
  from quantity
  group by group_name
),
estimate as (
  select
    group_name,
    'break-even' as name,
    (inpatient_cost - iop_cost) / nullif(later_cost, 0) as value,
    later_cost
  from mean
  union all
  select group_name, 'observed', iop_admitted - inpatient_admitted, null
  from mean
),
influence as (
  -- How far each person moves the estimate: deviations from the means, times what one unit of the mean changes.
  select
    estimate.group_name,
    estimate.name,
    part.patient_id,
    estimate.value,
    sum(
      (part.amount - quantity.mean) / quantity.n * case part.quantity
        when 'inpatient cost' then 1 / estimate.later_cost
        when 'IOP cost' then -1 / estimate.later_cost
        when 'later cost' then -estimate.value / estimate.later_cost
        when 'IOP admitted' then 1
        else -1
      end
    ) as influence
  from estimate
  join part
    on part.group_name = estimate.group_name
    and (part.quantity like '%admitted') = (estimate.name = 'observed')
  join quantity on quantity.group_name = part.group_name and quantity.quantity = part.quantity
  where estimate.value is not null
  group by estimate.group_name, estimate.name, part.patient_id, estimate.value
),
drawn as (
  -- The mean of these over persons is the estimate, and their spread is that of the estimate.
  select
    group_name,
    name,
    case
      when name = 'observed' then 'observed difference'
      when value > 1 then 'break-even difference: never'
      when value < 0 then 'break-even difference: always'
      else 'break-even difference'
    end as category,
    name = 'observed' or value between 0 and 1 as is_estimated,
    value + influence * count(*) over (partition by group_name, name) as amount
  from influence
),
missing as (
  select
    group_name,
    count(*) filter (where not has_cost) as without_cost,
    count(*) filter (where not is_followed) as not_followed,
    any_value(replace(basis, '_', ' ')) as basis
  from closed
  group by group_name
)
select
  drawn.group_name,
  category || if(name = 'observed', '', ' (' || basis || ')') as category,
  if(is_estimated, amount, 0) as numerator_amount,
  if(is_estimated, 1, 0) as denominator_amount,
  count(*) as weight,
  -- Once for each row of the answer: the statistic sums it.
  if(
    row_number() over (partition by drawn.group_name, name order by numerator_amount) = 1,
    any_value(if(name = 'observed', not_followed, without_cost)),
    0
  ) as missing_n
from drawn
join missing on missing.group_name = drawn.group_name
group by drawn.group_name, name, category, basis, is_estimated, numerator_amount, denominator_amount
order by drawn.group_name, name, numerator_amount
