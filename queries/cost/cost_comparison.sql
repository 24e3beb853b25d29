/*
title = "Cost by level of care"
question = "What do IOP, residential and inpatient episodes cost, as they are and at equal severity?"
formula = "Mean cost of closed episodes by level of care, crude and by severity band; its difference from IOP, crude and standardised: the differences within severity bands, weighted by the bands' shares of all episodes compared."
unit = "USD"
higher_is = "neutral"
statistic = "contrast"
spec = ["CST-08"]
source = "CST-08 (standardisation); bands of the sum of the six ASAM dimensions"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
ignores_filters = ["level_of_care"]
notes = "One basis of cost, never mixed. {dollars} The interval of a difference draws persons within each level of care (and band); its n counts them. Where a band has fewer than 5 episodes at either level there is no overlap, and no standardised difference is shown. Missing n: closed episodes without cost lines of this basis; for severity, those of this basis without all six ASAM dimensions."
warning = "{placement}"
exclusions = [
  "never_started",
  "starts_after_cut",
  { when = "episode.level_of_care not in ('IOP', 'residential', 'inpatient')", because = "Neither IOP nor inpatient nor residential care", detail = "Level of care {episode.level_of_care}: neither IOP nor inpatient nor residential care" },
  "outside_dates",
  "still_open",
  { when = "not coalesce(episode.is_cost_complete and episode.cost_basis = basis.basis, false)", because = "No cost lines of the basis that is compared", detail = "{if(episode.cost_lines = 0, 'No cost lines', 'Cost lines of ' || coalesce(episode.cost_basis, 'several bases') || ', not of ' || basis.basis || ' alone')}" },
  { when = "$part = 'differences'", because = "Differences are of means: the people are those of the part 'means'" },
]

[parameters.basis]

[parameters.part]
type = "text"
default = "all"
label = "Means, differences from IOP, or all"
choices = ["all", "means", "differences"]
*/
-- One row per compared group, mean or difference, arm and amounts of a person.
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
  -- Each episode twice: in the whole level of care, and in its band of severity.
  select group_name, patient_id, level_of_care, cost_amount, unnest(['whole', severity_band]) as band
  from closed
  where has_cost
),
arm as (
  select group_name, level_of_care, band, count(*) as n
  from costed
  where band is not null
  group by group_name, level_of_care, band
),
standard as (
  -- The mix of severity that every level of care is given.
  select group_name, band, sum(n) / sum(sum(n)) over (partition by group_name) as share
  from arm
  where band <> 'whole'
  group by group_name, band
),
compared as (
  -- Levels of care that are set against IOP.
  select other.group_name, other.level_of_care
  from arm as other
  join arm as iop on iop.group_name = other.group_name and iop.level_of_care = 'IOP' and iop.band = 'whole'
  where other.level_of_care <> 'IOP'
    and other.band = 'whole'
),
overlap as (
  select
    compared.group_name,
    compared.level_of_care,
    min(least(coalesce(other.n, 0), coalesce(iop.n, 0))) >= 5 as is_enough
  from compared
  join standard on standard.group_name = compared.group_name
  left join arm as other
    on other.group_name = compared.group_name
    and other.level_of_care = compared.level_of_care
    and other.band = standard.band
  left join arm as iop
    on iop.group_name = compared.group_name and iop.level_of_care = 'IOP' and iop.band = standard.band
  group by compared.group_name, compared.level_of_care
),
term as (
  -- One row per mean or difference and arm that it is made of.
  select
    group_name,
    if(band = 'whole', 1, 2) as block,
    level_of_care,
    level_of_care || if(band = 'whole', '', ', ' || band || ' severity') as name,
    level_of_care as arm_level,
    band,
    1.0 as coefficient,
    true as is_shown
  from arm
  union all
  select
    group_name,
    3,
    level_of_care,
    level_of_care || ' less IOP, crude',
    unnest([level_of_care, 'IOP']),
    'whole',
    unnest([1, -1]),
    true
  from compared
  union all
  select
    overlap.group_name,
    4,
    level_of_care,
    level_of_care || ' less IOP, at equal severity' || if(is_enough, '', ': not shown, too little overlap'),
    unnest([level_of_care, 'IOP']),
    band,
    unnest([share, -share]),
    is_enough
  from overlap
  join standard on standard.group_name = overlap.group_name
),
person as (
  select
    group_name,
    level_of_care,
    band,
    patient_id,
    sum(cost_amount) as amount,
    count(*) as episodes,
    -- Where there are many, ten dollars more or less change no interval: sums stay exact.
    count(*) over (partition by group_name, level_of_care, band) > 5000 as is_many
  from costed
  where band is not null
  group by group_name, level_of_care, band, patient_id
),
pooled as (
  select
    group_name,
    level_of_care,
    band,
    episodes,
    if(any_value(is_many), avg(amount), any_value(amount)) as amount,
    count(*) as weight
  from person
  group by group_name, level_of_care, band, episodes, if(is_many, round(amount, -1), amount)
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
),
bin as (
  select
    term.group_name,
    term.block,
    term.level_of_care,
    term.name,
    term.arm_level,
    term.band,
    term.coefficient,
    if(term.is_shown, pooled.amount, 0) as amount,
    if(term.is_shown, pooled.episodes, 0) as episodes,
    sum(pooled.weight)::bigint as weight
  from term
  join pooled
    on pooled.group_name = term.group_name and pooled.level_of_care = term.arm_level and pooled.band = term.band
  group by all
)
select
  bin.group_name,
  bin.name || ' (' || missing.basis || ')' as category,
  bin.arm_level || ' ' || bin.band as arm,
  bin.coefficient,
  false as is_divisor,
  bin.amount as numerator_amount,
  bin.episodes as denominator_amount,
  bin.weight,
  case
    when bin.block in (1, 3) then missing.without_cost
    -- The bands of a level of care miss the same episodes.
    when bin.block = 2 or bin.band = min(bin.band) over (partition by bin.group_name, bin.name, bin.arm_level)
      then missing.without_severity
    else 0
  end as missing_n
from bin
join missing on missing.group_name = bin.group_name and missing.level_of_care = bin.arm_level
where $part in ('all', if(bin.block <= 2, 'means', 'differences'))
order by
  bin.group_name,
  bin.block,
  case bin.level_of_care when 'IOP' then 1 when 'residential' then 2 else 3 end,
  case bin.band when 'low' then 1 when 'middle' then 2 when 'high' then 3 end,
  arm,
  numerator_amount,
  denominator_amount
