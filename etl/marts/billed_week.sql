-- One row per episode and Monday-to-Sunday week with a billed day of intensive outpatient care, up to the analysis cut.
-- Billed days of each week against the days on which the person came.
-- order by: week_start, episode_id
-- column: week_start: Monday of the week.
-- column: billed_days: Days billed: one a line and day, or the units of a line that bills several days at once. (days)
-- column: unattended_days: Billed days without an attended clinical session. (days)
-- column: duplicate_days: Days billed more than once under the same code and basis. (days)
-- column: short_days: Billed days with fewer counted hours than billed_day_hours, but some. (days)
with attended_day as (
  select
    episode_id,
    session_date,
    sum(counted_minutes) as minutes,
    bool_or(is_missing_minutes) as is_missing_minutes
  from mart.session
  where is_attended and is_clinical and is_before_cut
  group by episode_id, session_date
),
attended_week as (
  select episode_id, date_trunc('week', session_date)::date as week_start, count(*) as days
  from attended_day
  group by all
),
line as (
  -- A reversal takes its line away.
  select
    part.episode_id,
    service_date,
    billing_code,
    basis,
    count(*) filter (where amount > 0) - count(*) filter (where amount < 0) as copies,
    max(units) as units
  from core.costs as costs
  join mart.episode_part as part on part.part_id = costs.episode_id
  where setting = 'IOP'
    and service_date <= $analysis_cut
  group by all
  having sum(amount) > 0
),
billed_day as (
  select
    episode_id,
    service_date,
    date_trunc('week', service_date)::date as week_start,
    max(copies) as copies,
    -- More than one unit is a bill for several days: which ones, it does not say.
    greatest(max(coalesce(units, 1)), 1) as days
  from line
  group by episode_id, service_date
),
held as (
  select
    billed_day.*,
    attended_day.minutes,
    attended_day.episode_id is null as is_unattended,
    coalesce(attended_day.is_missing_minutes, false) as is_missing_minutes
  from billed_day
  left join attended_day
    on attended_day.episode_id = billed_day.episode_id and attended_day.session_date = billed_day.service_date
),
week as (
  select
    episode_id,
    week_start,
    sum(days) as billed_days,
    bool_or(days > 1) as has_several,
    count(*) filter (where is_unattended) as unattended_days,
    count(*) filter (where copies > 1) as duplicate_days,
    count(*) filter (where days = 1 and minutes < 60 * $billed_day_hours and not is_missing_minutes) as short_days
  from held
  group by episode_id, week_start
)
select
  week.episode_id,
  week.week_start,
  billed_days::integer as billed_days,
  if(has_several, greatest(billed_days - coalesce(attended_week.days, 0), 0), unattended_days)::integer
    as unattended_days,
  duplicate_days::integer as duplicate_days,
  short_days::integer as short_days
from week
left join attended_week on attended_week.episode_id = week.episode_id and attended_week.week_start = week.week_start
