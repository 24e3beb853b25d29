/*
title = "Cost per episode"
question = "What does an episode cost?"
formula = "Cost lines of each closed episode, with those of a step up to a higher level of care that began within the horizon; mean over episodes, and median over persons."
unit = "USD"
higher_is = "worse"
statistic = "bootstrap"
spec = ["CST-01"]
source = "CST-01"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
notes = "Each basis of cost (charge, allowed, paid, provider cost, fee schedule) is a category of its own: bases are never mixed. {dollars} Missing n: closed episodes without cost lines of one basis, whose step up has none yet, or whose horizon has not ended."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "still_open",
  "no_cost",
  { when = "not later_cost.is_complete", because = "The step up to higher care has no cost lines of this basis yet" },
  { when = "episode.exit_date + $horizon_days > $data_cut", because = "The horizon had not ended by the data cut-off", detail = "Left on {episode.exit_date}: the horizon of {$horizon_days} days had not ended by the data cut-off {$data_cut}" },
]
evidence = "{if(later_cost.amount is null, '', 'with a step up of USD ' || later_cost.amount::decimal(12, 2))}"

[parameters.horizon_days]
type = "integer"
default = 30
label = "Days in which a step up belongs to the episode (0: never)"
choices = [0, 30, 90]

[options]
median = true
*/
-- One row per compared group, basis of cost and amounts of a person.
with closed as (
  select episode_id, patient_id, group_name, exit_date, cost_basis, cost_amount, is_cost_complete
  from selected_episode
  where is_closed
    and day_zero between $date_from and $date_to
),
stepped_up as (
  -- One row per closed episode that was followed by one at the higher level it was transferred to.
  select
    closed.episode_id,
    sum(next.cost_amount) as amount,
    bool_and(next.is_cost_complete and next.cost_basis = closed.cost_basis) as is_complete
  from closed
  join mart.step as step on step.episode_id = closed.episode_id and step.direction = 'up'
  join mart.episode as next
    on next.patient_id = closed.patient_id
    and next.level_of_care = step.destination
    and next.episode_id <> closed.episode_id
    and next.admission_date between closed.exit_date and closed.exit_date + $horizon_days::integer
  where $horizon_days > 0
  group by closed.episode_id
),
episode as (
  select
    closed.group_name,
    closed.patient_id,
    closed.cost_basis,
    closed.cost_amount + coalesce(stepped_up.amount, 0) as amount,
    closed.is_cost_complete
      and coalesce(stepped_up.is_complete, true)
      and closed.exit_date + $horizon_days::integer <= $data_cut as is_complete
  from closed
  left join stepped_up on stepped_up.episode_id = closed.episode_id
),
person as (
  select group_name, cost_basis, patient_id, sum(amount) as amount, count(*) as episodes
  from episode
  where is_complete
  group by group_name, cost_basis, patient_id
),
missing as (
  select group_name, count(*) filter (where not is_complete) as missing_n
  from episode
  group by group_name
)
select
  person.group_name,
  replace(cost_basis, '_', ' ') as category,
  amount as numerator_amount,
  episodes as denominator_amount,
  count(*) as weight,
  any_value(missing_n) as missing_n
from person
join missing on missing.group_name = person.group_name
group by person.group_name, cost_basis, amount, episodes
order by
  person.group_name,
  sum(count(*)) over (partition by person.group_name, cost_basis) desc,
  cost_basis,
  numerator_amount,
  denominator_amount
