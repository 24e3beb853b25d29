/*
title = "Price of an IOP episode against inpatient and residential stays"
question = "At the same payer's rates, what does an IOP episode cost, and what an inpatient or residential stay?"
formula = "Units of each closed episode (days with a service for IOP, days of the stay otherwise; hours, sessions or stays where the rate is so) times the payer's rate in force at the data cut-off; mean over episodes."
unit = "USD"
higher_is = "neutral"
statistic = "bootstrap"
spec = ["CST-07"]
source = "CST-07; prices from the table of rates"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
ignores_filters = ["level_of_care"]
notes = "Only payers with a rate for IOP and for at least one of the others; where a payer has several codes for a setting, their mean. The amounts are prices of the units delivered, not costs that were recorded. Missing n: where the rate is for an hour, attended sessions without times, which count 0."
warning = "Price comparison, not cost-effectiveness. {placement}"
exclusions = [
  "never_started",
  "starts_after_cut",
  { when = "price.level_of_care is null", because = "The payer has no rate in force for this level of care, or none to compare with IOP", detail = "Payer {coalesce(episode.payer, 'not recorded')} has no rate in force for {episode.level_of_care}, or none to compare with IOP" },
  "outside_dates",
  "still_open",
]
*/
-- One row per compared group, payer, level of care and amounts of a person.
with rate as (
  -- One row per payer, level of care and unit of the rates in force.
  select payer, setting as level_of_care, unit, avg(amount)::double as price
  from core.rates
  where setting in ('IOP', 'residential', 'inpatient')
    and effective_from <= $data_cut
    and coalesce(effective_to, $data_cut) >= $data_cut
  group by payer, setting, unit
  qualify row_number() over (
    partition by payer, setting
    order by case unit when 'day' then 1 when 'stay' then 2 when 'session' then 3 else 4 end
  ) = 1
),
comparable as (
  select payer
  from rate
  group by payer
  having bool_or(level_of_care = 'IOP') and count(*) > 1
),
episode as (
  select
    selected_episode.group_name,
    selected_episode.patient_id,
    selected_episode.payer,
    selected_episode.level_of_care,
    rate.price * case
      when rate.unit = 'stay' then 1
      when rate.unit = 'session' then selected_episode.sessions_attended
      when rate.unit = 'hour' then selected_episode.attended_hours
      when selected_episode.level_of_care = 'IOP' then selected_episode.attended_days
      else greatest(selected_episode.exit_day, 1)
    end as amount,
    if(rate.unit = 'hour', selected_episode.missing_minutes_sessions, 0) as missing_n
  from selected_episode
  join rate on rate.payer = selected_episode.payer and rate.level_of_care = selected_episode.level_of_care
  join comparable on comparable.payer = selected_episode.payer
  where selected_episode.is_closed
    and selected_episode.day_zero between $date_from and $date_to
),
person as (
  select
    group_name,
    payer,
    level_of_care,
    patient_id,
    sum(amount) as amount,
    count(*) as episodes,
    sum(missing_n) as missing_n
  from episode
  group by group_name, payer, level_of_care, patient_id
)
select
  group_name,
  replace(payer, '_', ' ') || ': ' || if(level_of_care = 'IOP', 'IOP episode', level_of_care || ' stay') as category,
  amount as numerator_amount,
  episodes as denominator_amount,
  count(*) as weight,
  sum(sum(missing_n)) over (partition by group_name, payer, level_of_care) as missing_n
from person
group by group_name, payer, level_of_care, amount, episodes
order by
  group_name,
  payer,
  case level_of_care when 'IOP' then 1 when 'residential' then 2 else 3 end,
  amount,
  episodes
