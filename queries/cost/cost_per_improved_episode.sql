/*
title = "Cost per improved episode"
question = "What does it cost to bring one person to reliable improvement?"
formula = "Total cost of all closed episodes with a baseline score, over the number that improved reliably; those without a later score count as not improved."
unit = "USD"
higher_is = "worse"
statistic = "bootstrap"
spec = ["CST-05"]
source = "CST-05, decision 11"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
counted = "improved episode"
axis = "category"
notes = "{bases_apart} Missing n: closed episodes with a baseline and without cost lines of one basis."
warning = "Improvement during treatment. Without a comparison it is not an effect of treatment, and this is not cost-effectiveness."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "not_used",
  "no_first_score",
  "not_due",
  "still_open",
  "no_cost",
]
evidence = "scores"

[parameters.instrument]
*/
-- One row per compared group, basis of cost and amounts of a person.
with due as (
  -- One row per closed episode with a baseline; nobody improves where no reliable change is published.
  select
    selected_episode.group_name,
    selected_episode.patient_id,
    selected_episode.cost_basis,
    selected_episode.cost_amount,
    selected_episode.is_cost_complete,
    coalesce(pair.is_reliably_improved, false) as is_improved
  from selected_episode
  join mart.score_pair as pair on pair.episode_id = selected_episode.episode_id
  where pair.instrument = $instrument
    and pair.is_due
    and selected_episode.is_closed
    and selected_episode.day_zero between $date_from and $date_to
),
person as (
  select
    group_name,
    cost_basis,
    patient_id,
    sum(cost_amount) as amount,
    count(*) filter (where is_improved) as improved
  from due
  where is_cost_complete
  group by group_name, cost_basis, patient_id
),
missing as (
  select group_name, count(*) filter (where not is_cost_complete) as missing_n
  from due
  group by group_name
)
select
  person.group_name,
  replace(cost_basis, '_', ' ') as category,
  amount as numerator_amount,
  improved as denominator_amount,
  count(*) as weight,
  any_value(missing_n) as missing_n
from person
join missing on missing.group_name = person.group_name
group by person.group_name, cost_basis, amount, improved
order by
  person.group_name,
  sum(count(*)) over (partition by person.group_name, cost_basis) desc,
  cost_basis,
  numerator_amount,
  denominator_amount
