/*
title = "Break-even rate of later inpatient stays"
question = "How many more IOP patients would have to be admitted later for IOP to cost as much as inpatient care?"
formula = "Difference between the mean costs of an inpatient and an IOP episode, over the mean cost of a later inpatient episode; beside it the share of IOP less the share of inpatient episodes that were followed by one within the horizon."
unit = "share"
higher_is = "neutral"
statistic = "contrast"
spec = ["CST-12"]
source = "CST-12, decision 19"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
counted = "person"
axis = "category"
ignores_filters = ["level_of_care"]
notes = "IOP costs less while the observed difference is below the break-even one. Outside 0 to 1 there is no break-even: never (IOP costs less even if everybody is admitted later) or always (it costs more already). Later stays: inpatient admissions from the day of the exit to the horizon, of episodes whose horizon has ended. One basis of cost, never mixed. The intervals draw persons within each arm; n counts them. Missing n: closed episodes and later stays without cost lines of this basis, or, for the observed difference, whose horizon has not ended."
warning = "{placement}"
not_listed = "It joins means of IOP episodes, inpatient episodes and later stays, each stay once. The episodes are those of `iop explain cost_comparison`."

[parameters.basis]

[parameters.horizon_days]
type = "integer"
default = 180
label = "Days after the exit in which an inpatient stay counts as later"
choices = [90, 180, 365]
*/
-- One row per compared group, difference, arm and amounts of a person.
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
  -- One row per closed episode and later inpatient episode of the same person; a restart within a day is not later.
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
    and next.episode_id <> closed.episode_id
    and next.level_of_care = 'inpatient'
    and next.admission_date between closed.exit_date and closed.exit_date + $horizon_days::integer
),
part as (
  -- One row per group, arm and episode that its mean is over; without an amount where that is missing.
  select group_name, level_of_care || ' cost' as arm, patient_id, if(has_cost, cost_amount, null) as amount
  from closed
  union all
  select group_name, 'later cost', patient_id, if(has_cost, cost_amount, null)
  from (select distinct group_name, patient_id, next_id, cost_amount, has_cost from later)
  union all
  select
    group_name,
    level_of_care || ' admitted',
    patient_id,
    if(is_followed, (episode_id in (select episode_id from later))::integer, null)
  from closed
),
arm as (
  select
    group_name,
    arm,
    avg(amount) as mean,
    count(*) - count(amount) as missing_n,
    arm not like '%admitted' as is_cost,
    case arm when 'inpatient cost' then 1 when 'IOP admitted' then 1 else -1 end as coefficient
  from part
  group by group_name, arm
),
mean as (
  select
    group_name,
    max(mean) filter (where arm = 'inpatient cost') as inpatient_cost,
    max(mean) filter (where arm = 'IOP cost') as iop_cost,
    max(mean) filter (where arm = 'later cost') as later_cost,
    max(mean) filter (where arm = 'inpatient admitted') as inpatient_admitted,
    max(mean) filter (where arm = 'IOP admitted') as iop_admitted
  from arm
  group by group_name
),
estimate as (
  select group_name, true as is_cost, (inpatient_cost - iop_cost) / nullif(later_cost, 0) as value
  from mean
  union all
  select group_name, false, iop_admitted - inpatient_admitted
  from mean
),
named as (
  select
    estimate.group_name,
    is_cost,
    not is_cost or value between 0 and 1 as is_estimated,
    case
      when not is_cost then 'observed difference'
      when value > 1 then 'break-even difference: never'
      when value < 0 then 'break-even difference: always'
      else 'break-even difference'
    end || if(is_cost, ' (' || basis || ')', '') as category
  from estimate
  join (select group_name, any_value(replace(basis, '_', ' ')) as basis from closed group by group_name) as base
    on base.group_name = estimate.group_name
  where value is not null
),
person as (
  select group_name, arm, patient_id, sum(amount) as amount, count(amount) as episodes
  from part
  where amount is not null
  group by group_name, arm, patient_id
)
select
  named.group_name,
  named.category,
  person.arm,
  arm.coefficient,
  person.arm = 'later cost' as is_divisor,
  if(is_estimated, person.amount, 0) as numerator_amount,
  if(is_estimated, person.episodes, 0) as denominator_amount,
  count(*) as weight,
  any_value(arm.missing_n) as missing_n
from named
join arm on arm.group_name = named.group_name and arm.is_cost = named.is_cost
join person on person.group_name = arm.group_name and person.arm = arm.arm
group by named.group_name, named.category, person.arm, arm.coefficient, numerator_amount, denominator_amount
order by named.group_name, named.category, person.arm, numerator_amount, denominator_amount
