/*
title = "Cost per day"
question = "What does a day of care cost?"
formula = "Total cost of closed episodes, over their days with an attended clinical service, and over their days from day 0 to the exit."
unit = "USD"
higher_is = "worse"
statistic = "bootstrap"
spec = ["CST-02"]
source = "CST-02"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
counted = "day"
axis = "category"
notes = "The category says which days and which basis of cost: bases are never mixed. {dollars} Missing n: closed episodes without cost lines of one basis."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "still_open",
  "no_cost",
]
evidence = "{episode.exit_reason} on day {episode.time_days}"
*/
-- One row per compared group, kind of day, basis of cost and amounts of a person.
with closed as (
  select group_name, patient_id, cost_basis, cost_amount, attended_days, exit_day + 1 as days_in_care, is_cost_complete
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
    [sum(coalesce(attended_days, 0)), sum(days_in_care)] as days
  from closed
  where is_cost_complete
  group by group_name, cost_basis, patient_id
),
daily as (
  select
    group_name,
    cost_basis,
    unnest([1, 2]) as sequence,
    unnest(['per day with a service', 'per day in care']) as kind,
    amount,
    unnest(days) as days
  from person
),
missing as (
  select group_name, count(*) filter (where not is_cost_complete) as missing_n
  from closed
  group by group_name
)
select
  daily.group_name,
  replace(cost_basis, '_', ' ') || ', ' || kind as category,
  amount as numerator_amount,
  days as denominator_amount,
  count(*) as weight,
  any_value(missing_n) as missing_n
from daily
join missing on missing.group_name = daily.group_name
group by daily.group_name, cost_basis, sequence, kind, amount, days
order by
  daily.group_name,
  sum(count(*)) over (partition by daily.group_name, cost_basis) desc,
  cost_basis,
  sequence,
  numerator_amount,
  denominator_amount
