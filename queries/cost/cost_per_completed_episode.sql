/*
title = "Cost per completed episode"
question = "What does it cost to bring one person to completion?"
formula = "Total cost of all closed episodes, however they ended, over the number that completed."
unit = "USD"
higher_is = "worse"
statistic = "bootstrap"
spec = ["CST-04"]
source = "CST-04"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
counted = "completed episode"
axis = "category"
notes = "Never the cost of those who completed alone. {bases_apart} Missing n: closed episodes without cost lines of one basis."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "still_open",
  "no_cost",
]
evidence = "{episode.exit_reason} on day {episode.time_days}"

[parameters.counted]
type = "text"
default = "completed"
label = "What counts as completed"
choices = ["completed", "completed or stepped down"]
*/
-- One row per compared group, basis of cost and amounts of a person.
with closed as (
  select
    group_name,
    patient_id,
    cost_basis,
    cost_amount,
    exit_class = 'completed' or ($counted <> 'completed' and exit_class = 'step_down') as is_completed,
    is_cost_complete
  from selected_episode
  where is_closed
    and day_zero between $date_from and $date_to
),
person as (
  select
    group_name,
    cost_basis,
    patient_id,
    sum(cost_amount) as amount,
    count(*) filter (where is_completed) as completed
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
  completed as denominator_amount,
  count(*) as weight,
  any_value(missing_n) as missing_n
from person
join missing on missing.group_name = person.group_name
group by person.group_name, cost_basis, amount, completed
order by
  person.group_name,
  sum(count(*)) over (partition by person.group_name, cost_basis) desc,
  cost_basis,
  numerator_amount,
  denominator_amount
