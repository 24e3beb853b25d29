-- The same of the cost alone: everybody whose cost is known, whatever became of them.
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
from (
  select
    *,
    unnest(if(level_of_care = 'IOP', ['residential', 'inpatient'], [level_of_care])) as compared_level,
    count(*) over (partition by group_name, level_of_care) > 5000 as is_many
  from compared_episode
  where is_first and is_followed
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
  -- Where there are many, sums and squares are enough to draw from.
  if(is_many, null, cost_amount)
