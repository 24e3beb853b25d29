/*
title = "Cost per attended session"
question = "What does a filled place in a session cost?"
formula = "Total cost of closed episodes over their attended clinical sessions."
unit = "USD"
higher_is = "worse"
statistic = "bootstrap"
spec = ["CST-14"]
source = "CST-14, cost per filled slot"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
counted = "attended session"
axis = "category"
notes = "{bases_apart} Sessions offered but never scheduled for anybody are not recorded, so the use of capacity itself cannot be given. Missing n: closed episodes without cost lines of one basis."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "still_open",
  "no_cost",
]
evidence = "{episode.exit_reason} on day {episode.time_days}"
*/
-- One row per compared group, basis of cost and amounts of a person.
with closed as (
  select
    group_name,
    patient_id,
    cost_basis,
    cost_amount,
    sessions_attended as sessions,
    is_cost_complete
  from selected_episode
  where is_closed
    and day_zero between $date_from and $date_to
),
person as (
  select group_name, cost_basis, patient_id, sum(cost_amount) as amount, sum(sessions) as sessions
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
  sessions as denominator_amount,
  count(*) as weight,
  any_value(missing_n) as missing_n
from person
join missing on missing.group_name = person.group_name
group by person.group_name, cost_basis, amount, sessions
order by
  person.group_name,
  sum(count(*)) over (partition by person.group_name, cost_basis) desc,
  cost_basis,
  numerator_amount,
  denominator_amount
