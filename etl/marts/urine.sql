-- One row per specimen and substance, and one for the specimen as a whole (substance 'any').
-- Urine tests by week of care. Specimens of people without an episode have none.
-- order by: specimen_date, specimen_id, substance
-- column: episode_id: Episode that the specimen belongs to; a restart within a day has the first part's key.
-- column: day_of_care: Days from day 0 to the specimen; empty without an episode. (days)
-- column: week_of_care: 1 for the seven days from first_week_begins_on_day on, 2 for the next seven; 0 or less before. (weeks)
-- column: month_start: First day of the month of the specimen.
-- column: result: Result as reported; for 'any': positive if one substance is, not_collected, invalid … otherwise.
-- column: is_expected: The testing schedule called for the specimen.
-- column: is_collected: The specimen was given.
-- column: is_valid: The result is positive or negative; for 'any': one substance is positive, or none is invalid, dilute or pending.
-- column: is_prescribed: The substance was prescribed, so that a positive is expected.
-- column: is_positive: Positive, and not for a prescribed substance.
-- column: is_positive_reported: Positive as reported, prescribed or not.
-- column: is_negative: Valid and not positive: negative, or positive only for a prescribed substance.
with tested as (
  select
    specimen_id,
    patient_id,
    coalesce(part.episode_id, toxicology.episode_id) as episode_id,
    specimen_date,
    substance,
    result,
    coalesce(is_expected, false) as is_expected,
    result <> 'not_collected' as is_collected,
    result in ('positive', 'negative') as is_valid,
    coalesce(is_prescribed, false) as is_prescribed,
    result = 'positive' as is_positive_reported,
    result = 'positive' and not coalesce(is_prescribed, false) as is_positive
  from core.toxicology as toxicology
  left join mart.episode_part as part on part.part_id = toxicology.episode_id
),
whole as (
  select
    specimen_id,
    any_value(patient_id) as patient_id,
    any_value(episode_id) as episode_id,
    min(specimen_date) as specimen_date,
    'any' as substance,
    case
      when bool_or(is_positive_reported) then 'positive'
      when bool_or(result = 'invalid') then 'invalid'
      when bool_or(result = 'dilute') then 'dilute'
      when bool_or(result = 'pending') then 'pending'
      when bool_or(result = 'negative') then 'negative'
      when bool_or(is_collected) then 'not_reported'
      else 'not_collected'
    end as result,
    bool_or(is_expected) as is_expected,
    bool_or(is_collected) as is_collected,
    -- What is still open on one substance may turn the specimen positive: only a positive settles it before.
    bool_or(is_positive)
      or (bool_or(is_valid) and not bool_or(result in ('invalid', 'dilute', 'pending'))) as is_valid,
    bool_or(is_positive_reported) and not bool_or(is_positive) as is_prescribed,
    bool_or(is_positive_reported) as is_positive_reported,
    bool_or(is_positive) as is_positive
  from tested
  group by specimen_id
),
every as (
  select * from tested where substance <> 'any'
  union all by name
  select * from whole
)
select
  every.specimen_id,
  every.patient_id,
  every.episode_id,
  every.specimen_date,
  (every.specimen_date - episode.day_zero)::integer as day_of_care,
  (floor((every.specimen_date - episode.day_zero - $first_week_begins_on_day) / 7) + 1)::integer as week_of_care,
  date_trunc('month', every.specimen_date)::date as month_start,
  every.substance,
  every.result,
  every.is_expected,
  every.is_collected,
  every.is_valid,
  every.is_prescribed,
  every.is_positive,
  every.is_positive_reported,
  every.is_valid and not every.is_positive as is_negative
from every
left join mart.episode as episode on episode.episode_id = every.episode_id
