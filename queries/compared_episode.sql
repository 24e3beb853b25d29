-- One row per started episode of IOP, residential and inpatient care, with what the comparison is adjusted for.
select
  episode_id,
  patient_id,
  group_name,
  level_of_care,
  coalesce(severity_band, 'not recorded') as severity,
  coalesce(age_group, 'not recorded') as age,
  program,
  case when prior_episodes = 0 then 'none' when prior_episodes = 1 then 'one' else 'two or more' end as prior_care,
  case when payer in ('medicare', 'other', 'unknown') or payer is null then 'another' else replace(payer, '_', ' ') end as payer,
  if(is_cost_complete and cost_basis = basis, cost_amount, null) as cost_amount,
  exit_class in ('completed', 'step_down') as is_successful,
  is_closed,
  day_zero,
  -- New users: what came before is in the prior care, and nobody is in both arms.
  row_number() over (partition by patient_id order by day_zero, episode_id) = 1 as is_first,
  day_zero + $follow_up_days::integer <= $analysis_cut as is_followed,
  replace(basis, '_', ' ') as basis
from selected_episode
cross join (
  select if($basis = 'most common', mode(cost_basis order by cost_basis) filter (where is_cost_complete), $basis) as basis
  from selected_episode
)
where is_started
  and level_of_care in ('IOP', 'residential', 'inpatient')
  and day_zero between $date_from and $date_to
