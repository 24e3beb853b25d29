/*
title = "Cost per abstinent day"
question = "What does a day without use cost?"
formula = "Cost of closed episodes, with that of a step up within the horizon, over their abstinent days from day 0 to the end of the horizon after the exit: the share of abstinent days in usable month-long reports (28 to 31 days) that ended in that time, times its days."
unit = "USD"
higher_is = "worse"
statistic = "bootstrap"
spec = ["CST-06"]
source = "CST-06; ABS-1"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
counted = "abstinent day"
axis = "category"
notes = "Each basis of cost is a category of its own: bases are never mixed. An episode without a usable report costs and has no abstinent day, unless it is left out. Mental-health programs, which do not follow use, are left out. {dollars} Missing n: episodes without cost lines of one basis, whose step up has none, or whose horizon has not ended; where episodes without a report are left out, these too."
warning = "Self-reported abstinence without a comparison: not an effect of treatment, and not cost-effectiveness. Look at both readings of missing reports."
exclusions = [
  "never_started",
  "starts_after_cut",
  "mental_health_program",
  "outside_dates",
  "still_open",
  "no_cost",
  { when = "not later_cost.is_complete", because = "The step up to higher care has no cost lines of this basis yet" },
  { when = "episode.exit_date + $horizon_days > $analysis_cut", because = "The horizon had not ended by the analysis cut-off", detail = "Left on {episode.exit_date}: the horizon of {$horizon_days} days had not ended by the analysis cut-off {$analysis_cut}" },
  { when = "$missing_report = 'left out' and usable_report.episode_id is null", because = "No usable report of days of use" },
  { when = "not exists (select 1 from counts where replace(episode.cost_basis, '_', ' ') = counts.category)", because = "Nobody with costs of this basis reports an abstinent day" },
]

[parameters.horizon_days]
type = "integer"
default = 30
label = "Days after the exit"
choices = [30, 90]

[parameters.missing_report]
type = "text"
default = "no abstinent day"
label = "Episodes without a report"
choices = ["no abstinent day", "left out"]
*/
-- One row per compared group, basis of cost and amounts of a person.
with closed as (
  select episode_id, patient_id, group_name, exit_date, exit_day, cost_basis, cost_amount, is_cost_complete
  from selected_episode
  where is_closed
    and program <> 'MH'
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
  group by closed.episode_id
),
reported as (
  -- One row per closed episode with a usable report: the share of its known days without use.
  select closed.episode_id, sum(abstinence.abstinent_days) / sum(abstinence.known_days) as abstinent_share
  from closed
  join mart.abstinence as abstinence on abstinence.episode_id = closed.episode_id
  where abstinence.occasion <> 'intake'
    and abstinence.is_usable
    and abstinence.window_days between 28 and 31
    and abstinence.event_date <= closed.exit_date + $horizon_days::integer
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
      and closed.exit_date + $horizon_days::integer <= $analysis_cut
      and (reported.abstinent_share is not null or $missing_report = 'no abstinent day') as is_complete,
    coalesce(reported.abstinent_share, 0) * (closed.exit_day + $horizon_days) as abstinent_days
  from closed
  left join stepped_up on stepped_up.episode_id = closed.episode_id
  left join reported on reported.episode_id = closed.episode_id
),
person as (
  select group_name, cost_basis, patient_id, sum(amount) as amount, sum(abstinent_days) as abstinent_days
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
  abstinent_days as denominator_amount,
  count(*) as weight,
  any_value(missing_n) as missing_n
from person
join missing on missing.group_name = person.group_name
group by person.group_name, cost_basis, amount, abstinent_days
-- Where nobody reports there is nothing to divide by.
qualify sum(abstinent_days * count(*)) over (partition by cost_basis) > 0
order by
  person.group_name,
  sum(count(*)) over (partition by person.group_name, cost_basis) desc,
  cost_basis,
  numerator_amount,
  denominator_amount
