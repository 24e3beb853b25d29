/*
title = "Cost per attended hour"
question = "What does an hour of attended care cost?"
formula = "Total cost of closed episodes over their attended clinical hours."
unit = "USD"
higher_is = "worse"
statistic = "bootstrap"
spec = ["CST-03"]
source = "CST-03"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
counted = "attended hour"
axis = "category"
notes = "{bases_apart} Sessions without times count 0 hours unless they take the schedule. Missing n: closed episodes without cost lines of one basis."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "still_open",
  "no_cost",
]
evidence = "{episode.exit_reason} on day {episode.time_days}"

[parameters.missing_minutes]
*/
-- One row per compared group, basis of cost and amounts of a person.
with closed as (
  select
    group_name,
    patient_id,
    cost_basis,
    cost_amount,
    coalesce(if($missing_minutes = 'count 0', attended_hours, attended_hours_upper), 0) as hours,
    is_cost_complete
  from selected_episode
  where is_closed
    and day_zero between $date_from and $date_to
),
person as (
  select group_name, cost_basis, patient_id, sum(cost_amount) as amount, sum(hours) as hours
  from closed
  where is_cost_complete
  group by group_name, cost_basis, patient_id
),
missing as (
  select group_name, count(*) filter (where not is_cost_complete) as missing_n
  from closed
  group by group_name
)
select
  person.group_name,
  replace(cost_basis, '_', ' ') as category,
  amount as numerator_amount,
  hours as denominator_amount,
  count(*) as weight,
  any_value(missing_n) as missing_n
from person
join missing on missing.group_name = person.group_name
group by person.group_name, cost_basis, amount, hours
order by
  person.group_name,
  sum(count(*)) over (partition by person.group_name, cost_basis) desc,
  cost_basis,
  numerator_amount,
  denominator_amount
