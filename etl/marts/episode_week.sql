-- One row per started episode and Monday-to-Sunday week, from the week of day 0 to that of open_until.
-- Hours of each week in care. A week without a service is a row with 0 hours, not a missing row.
-- order by: week_start, episode_id
-- column: week_start: Monday of the week.
-- column: week_of_care: 1 for the first week that begins on or after day 0; 0 for the partial week before it. (weeks)
-- column: is_eligible: The episode was open on all seven days and the week ended by the analysis cut.
-- column: open_days: Days of the week from day 0 to open_until. (days)
-- column: attended_hours: Attended clinical hours; sessions without times count 0. (hours)
-- column: attended_hours_upper: The same with the scheduled length for sessions without times. (hours)
-- column: scheduled_hours: Scheduled clinical hours without those that the program cancelled. (hours)
-- column: scheduled_hours_all: Scheduled clinical hours with those that the program cancelled. (hours)
-- column: unscheduled_sessions: Clinical sessions without a schedule, which no scheduled hours hold. (sessions)
-- column: authorized_hours: Hours that payers authorized, spread evenly over each authorization's days; empty where none covers the week. (hours)
-- column: target_hours: Hours that define intensive outpatient care at this age. (hours)
-- column: sessions_attended: Attended clinical sessions. (sessions)
-- column: missing_minutes_sessions: Attended clinical sessions without times. (sessions)
-- column: has_family: Had an attended family session.
-- column: has_individual: Had an attended individual session.
with expected as (
  select
    episode_id,
    day_zero,
    open_until,
    case when is_adolescent then $target_hours_adolescent else $target_hours_adult end::double as target_hours,
    unnest(generate_series(date_trunc('week', day_zero), date_trunc('week', open_until), interval 7 day))::date as week_start
  from mart.episode
  where is_started
),
delivered as (
  select
    episode_id,
    week_start,
    sum(counted_minutes) / 60 as attended_hours,
    sum(upper_minutes) / 60 as attended_hours_upper,
    sum(scheduled_minutes) filter (where status <> 'program_cancel') / 60 as scheduled_hours,
    sum(scheduled_minutes) / 60 as scheduled_hours_all,
    (count(*) filter (where scheduled_minutes is null))::integer as unscheduled_sessions,
    (count(*) filter (where is_attended))::integer as sessions_attended,
    (count(*) filter (where is_missing_minutes))::integer as missing_minutes_sessions,
    bool_or(is_attended and service_type = 'family') as has_family,
    bool_or(is_attended and service_type = 'individual') as has_individual
  from mart.session
  where is_clinical and is_before_cut
  group by episode_id, week_start
),
covered as (
  select
    part.episode_id,
    start_date,
    end_date,
    authorized_hours / (end_date - start_date + 1) as hours_a_day
  from core.authorizations as authorizations
  join mart.episode_part as part on part.part_id = authorizations.episode_id
  where authorized_hours is not null
    and coalesce(status, 'approved') in ('approved', 'partial')
),
authorized as (
  select
    expected.episode_id,
    expected.week_start,
    sum(hours_a_day * (least(end_date, week_start + 6) - greatest(start_date, week_start) + 1)) as authorized_hours
  from expected
  join covered
    on covered.episode_id = expected.episode_id
    and covered.start_date <= expected.week_start + 6
    and covered.end_date >= expected.week_start
  group by expected.episode_id, expected.week_start
)
select
  expected.episode_id,
  expected.week_start,
  ((expected.week_start - day_zero + 7) // 7)::integer as week_of_care,
  expected.week_start >= day_zero and expected.week_start + 6 <= open_until as is_eligible,
  (least(open_until, expected.week_start + 6) - greatest(day_zero, expected.week_start) + 1)::integer as open_days,
  coalesce(attended_hours, 0) as attended_hours,
  coalesce(attended_hours_upper, 0) as attended_hours_upper,
  coalesce(scheduled_hours, 0) as scheduled_hours,
  coalesce(scheduled_hours_all, 0) as scheduled_hours_all,
  coalesce(unscheduled_sessions, 0) as unscheduled_sessions,
  authorized_hours,
  target_hours,
  coalesce(sessions_attended, 0) as sessions_attended,
  coalesce(missing_minutes_sessions, 0) as missing_minutes_sessions,
  coalesce(has_family, false) as has_family,
  coalesce(has_individual, false) as has_individual
from expected
left join delivered
  on delivered.episode_id = expected.episode_id and delivered.week_start = expected.week_start
left join authorized
  on authorized.episode_id = expected.episode_id and authorized.week_start = expected.week_start
