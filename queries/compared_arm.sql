-- One row per compared group, level of care, arm and persons who are alike; in arms of many, the persons of a cell.
select
  group_name,
  compared_level || ' less IOP (' || basis || ')' as category,
  level_of_care as arm,
  severity,
  age,
  program,
  prior_care,
  payer,
  count(*) filter (where is_known) as weight,
  coalesce(sum(cost_amount) filter (where is_known), 0) as cost,
  coalesce(sum(effect_amount) filter (where is_known), 0) as effect,
  coalesce(sum(cost_amount * cost_amount) filter (where is_known), 0) as cost_cost,
  coalesce(sum(cost_amount * effect_amount) filter (where is_known), 0) as cost_effect,
  coalesce(sum(effect_amount * effect_amount) filter (where is_known), 0) as effect_effect,
  count(*) filter (where not is_known) as missing_n
from (
  select
    *,
    cost_amount is not null and effect_amount is not null as is_known,
    count(*) over (partition by group_name, compared_level, level_of_care) > 5000 as is_many
  from compared_effect
)
group by
  group_name,
  category,
  arm,
  severity,
  age,
  program,
  prior_care,
  payer,
  is_known,
  -- Where there are many, sums and products are enough to draw from.
  if(is_many, null, cost_amount),
  if(is_many, null, effect_amount)
