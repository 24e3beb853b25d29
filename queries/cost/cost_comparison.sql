/*
title = "Cost by level of care"
question = "What do IOP, residential and inpatient episodes cost, as they are and at equal severity?"
formula = "Mean cost of closed episodes by level of care, crude and by severity band; its difference from IOP, crude and standardised: the differences within severity bands, weighted by the bands' shares of all episodes compared."
unit = "USD"
higher_is = "neutral"
statistic = "bootstrap"
spec = ["CST-08"]
source = "CST-08 (standardisation); bands of the sum of the six ASAM dimensions"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
ignores_filters = ["level_of_care"]
notes = "One basis of cost, never mixed. US dollars as recorded, not adjusted for inflation. The interval of a difference draws each person's influence on it, so its counts are no amounts. Where a band has fewer than 5 episodes at either level there is no overlap, and no standardised difference is shown. Missing n: closed episodes without cost lines of this basis; for severity, those of this basis without all six ASAM dimensions."
warning = "People placed in IOP and in inpatient or residential care differ in severity, housing, safety and withdrawal risk. A raw cost or outcome gap between them is mostly who was placed where. Unadjusted figures here compare prices, not value. Adjusted figures still omit what was not recorded."

[parameters.basis]
type = "text"
default = "most common"
label = "Basis of cost"
choices = ["most common", "charge", "allowed", "paid", "provider_cost", "fee_schedule"]
*/
-- One row per compared group, mean or difference, and amounts of a person.
with closed as (
  select
    group_name,
    patient_id,
    level_of_care,
    severity_band,
    cost_amount,
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
costed as (
  select * from closed where has_cost
),
stratum as (
  select group_name, level_of_care, severity_band, avg(cost_amount) as mean, count(*) as n
  from costed
  group by group_name, level_of_care, severity_band
),
standard as (
  -- The mix of severity that every level of care is given.
  select group_name, severity_band, sum(n) / sum(sum(n)) over (partition by group_name) as share
  from stratum
  where severity_band is not null
  group by group_name, severity_band
),
level as (
  select group_name, level_of_care, avg(cost_amount) as mean, count(*) as n
  from costed
  group by group_name, level_of_care
),
contrast as (
  -- One row per difference and stratum that is weighted: the crude difference has one stratum.
  select other.group_name, other.level_of_care, false as is_standardised, null as severity_band, 1.0 as share,
    other.mean as other_mean, other.n as other_n, iop.mean as iop_mean, iop.n as iop_n
  from level as other
  join level as iop on iop.group_name = other.group_name and iop.level_of_care = 'IOP'
  where other.level_of_care <> 'IOP'
  union all
  select other.group_name, other.level_of_care, true, standard.severity_band, standard.share,
    inside.mean, coalesce(inside.n, 0), iop.mean, coalesce(iop.n, 0)
  from level as other
  join standard on standard.group_name = other.group_name
  left join stratum as inside
    on inside.group_name = other.group_name
    and inside.level_of_care = other.level_of_care
    and inside.severity_band = standard.severity_band
  left join stratum as iop
    on iop.group_name = other.group_name
    and iop.level_of_care = 'IOP'
    and iop.severity_band = standard.severity_band
  where other.level_of_care <> 'IOP'
    and other.group_name in (select group_name from level where level_of_care = 'IOP')
),
difference as (
  select
    group_name,
    level_of_care,
    is_standardised,
    sum(share * (other_mean - iop_mean)) as value,
    not is_standardised or min(least(other_n, iop_n)) >= 5 as has_overlap
  from contrast
  group by group_name, level_of_care, is_standardised
),
influence as (
  -- How far each episode moves the difference: its deviation within its stratum, with the sign of its level of care.
  select
    contrast.group_name,
    contrast.level_of_care,
    contrast.is_standardised,
    costed.patient_id,
    sum(
      contrast.share * if(
        costed.level_of_care = 'IOP',
        (contrast.iop_mean - costed.cost_amount) / contrast.iop_n,
        (costed.cost_amount - contrast.other_mean) / contrast.other_n
      )
    ) as influence
  from contrast
  join costed
    on costed.group_name = contrast.group_name
    and costed.level_of_care in ('IOP', contrast.level_of_care)
    and (not contrast.is_standardised or costed.severity_band = contrast.severity_band)
  group by contrast.group_name, contrast.level_of_care, contrast.is_standardised, costed.patient_id
),
drawn as (
  -- The mean of these over persons is the difference, and their spread is that of the difference.
  select
    influence.*,
    difference.value + influence * count(*) over (
      partition by influence.group_name, influence.level_of_care, influence.is_standardised
    ) as amount,
    difference.has_overlap
  from influence
  join difference using (group_name, level_of_care, is_standardised)
),
person as (
  select
    group_name,
    level_of_care || coalesce(', ' || band || ' severity', '') as name,
    if(band is null, 1, 2) as block,
    level_of_care,
    case band when 'low' then 1 when 'middle' then 2 when 'high' then 3 end as place,
    sum(cost_amount) as amount,
    count(*) as denominator
  from (
    select group_name, patient_id, level_of_care, cost_amount, unnest([null, severity_band]) as band,
      unnest([true, severity_band is not null]) as is_wanted
    from costed
  )
  where is_wanted
  group by group_name, level_of_care, band, patient_id
  union all
  select
    group_name,
    level_of_care || ' less IOP, ' || case
      when not is_standardised then 'crude'
      when has_overlap then 'at equal severity'
      else 'at equal severity: not shown, too little overlap'
    end,
    if(is_standardised, 4, 3),
    level_of_care,
    null,
    if(has_overlap, amount, 0),
    if(has_overlap, 1, 0)
  from drawn
),
bin as (
  select group_name, block, level_of_care, place, name, amount, denominator, count(*) as weight
  from person
  group by group_name, block, level_of_care, place, name, amount, denominator
),
missing as (
  select
    group_name,
    level_of_care,
    count(*) filter (where not has_cost) as without_cost,
    count(*) filter (where has_cost and severity_band is null) as without_severity,
    any_value(replace(basis, '_', ' ')) as basis
  from closed
  group by group_name, level_of_care
)
select
  bin.group_name,
  bin.name || ' (' || missing.basis || ')' as category,
  bin.amount as numerator_amount,
  bin.denominator as denominator_amount,
  bin.weight,
  -- Once for each row of the answer: the statistic sums it.
  case
    when row_number() over (partition by bin.group_name, bin.name order by bin.amount, bin.denominator) > 1 then 0
    when bin.block in (1, 3) then missing.without_cost
    else missing.without_severity
  end as missing_n
from bin
join missing on missing.group_name = bin.group_name and missing.level_of_care = bin.level_of_care
order by
  bin.group_name,
  bin.block,
  case bin.level_of_care when 'IOP' then 1 when 'residential' then 2 else 3 end,
  bin.place,
  bin.amount,
  bin.denominator
