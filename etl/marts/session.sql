-- One row per session up to the data cut.
-- Sessions with the minutes that count as attended clinical hours.
-- column: episode_id: Episode that the session belongs to; a restart within a day has the first part's key.
-- column: week_start: Monday of the session's week.
-- column: month_start: First day of the session's month.
-- column: scheduled_minutes: Scheduled length; empty where there is no schedule. (minutes)
-- column: actual_minutes: Length of this patient's attendance; empty where a time is missing. (minutes)
-- column: counted_minutes: Minutes that count: attended clinical time, at most the schedule's, overlaps once. (minutes)
-- column: upper_minutes: Like counted_minutes, with the scheduled minutes where the actual ones are missing. (minutes)
-- column: counted_why: Why this many minutes count: counted, capped at schedule, overlap, not attended, not clinical, minutes missing.
-- column: is_clinical: The service counts as clinical hours.
-- column: is_attended: The patient came.
-- column: is_shown: Attended at least shown_attendance_share of the scheduled minutes, or the minutes are not known.
-- column: is_partial: Attended less than shown_attendance_share of the scheduled minutes.
-- column: is_missing_minutes: Attended clinical session without actual times: counts 0 minutes.
-- column: is_before_cut: On or before the analysis cut: only these rows enter measures of hours and attendance.
with timed as not materialized (
  select
    sessions.rowid as row_number,
    sessions.*,
    coalesce(status = 'attended', false) as is_attended,
    is_clinical_service(service_type) as is_clinical,
    date_diff('minute', scheduled_start, scheduled_end) as scheduled_minutes,
    date_diff('minute', actual_start, actual_end) as actual_minutes
  from core.sessions as sessions
  where session_date <= $data_cut
),
owner as (
  -- A number for each person: windows over integers take a fraction of the time of those over text.
  select
    part.part_id,
    part.episode_id,
    episodes.patient_id,
    dense_rank() over (order by episodes.patient_id) as person
  from mart.episode_part as part
  join core.episodes as episodes on episodes.episode_id = part.part_id
),
claimed as (
  -- Attended clinical time as minutes since 1970; capped at the schedule where there is one.
  select
    row_number,
    session_id,
    person,
    session_date,
    actual_minutes is not null as is_known,
    epoch(case when actual_minutes is null then scheduled_start else actual_start end)::bigint // 60 as first_minute,
    first_minute + least(actual_minutes, scheduled_minutes) as end_minute
  from timed join owner on owner.part_id = timed.episode_id
  where is_attended and is_clinical and coalesce(actual_minutes, scheduled_minutes) is not null
),
overlapped as (
  -- Minutes that an earlier-starting session of the same person already covers.
  select
    row_number,
    max(end_minute) filter (where is_known) over earlier as covered_until,
    case
      when is_known and covered_until > first_minute then least(end_minute, covered_until) - first_minute
      else 0
    end as overlap_minutes,
    least(end_minute, max(end_minute) over earlier) - first_minute as upper_overlap_minutes
  from claimed
  window earlier as (
    -- Of two that start together the key decides, not the place in the file.
    partition by person, session_date order by first_minute, session_id
    rows between unbounded preceding and 1 preceding
  )
  qualify max(end_minute) over earlier > first_minute
),
measured as (
  select
    timed.*,
    owner.episode_id as owner_episode_id,
    owner.patient_id,
    case
      when is_attended and is_clinical and actual_minutes is not null then least(actual_minutes, scheduled_minutes)
      else 0
    end as credited_minutes,
    case
      when is_attended and is_clinical then coalesce(actual_minutes, scheduled_minutes, 0)
      else 0
    end as claimed_minutes,
    coalesce(overlap_minutes, 0) as overlap_minutes,
    coalesce(upper_overlap_minutes, 0) as upper_overlap_minutes,
    is_attended and is_clinical and actual_minutes is null as is_missing_minutes,
    coalesce(is_attended and actual_minutes < $shown_attendance_share * scheduled_minutes, false) as is_partial
  from timed
  join owner on owner.part_id = timed.episode_id
  left join overlapped on overlapped.row_number = timed.row_number
)
select
  session_id,
  owner_episode_id as episode_id,
  patient_id,
  session_date,
  date_trunc('week', session_date)::date as week_start,
  date_trunc('month', session_date)::date as month_start,
  service_type,
  coalesce(modality, 'unknown') as modality,
  status,
  group_id,
  scheduled_start,
  scheduled_minutes::integer as scheduled_minutes,
  actual_minutes::integer as actual_minutes,
  (credited_minutes - overlap_minutes)::integer as counted_minutes,
  (least(claimed_minutes, scheduled_minutes) - upper_overlap_minutes)::integer as upper_minutes,
  case
    when not is_attended then 'not attended'
    when not is_clinical then 'not clinical'
    when is_missing_minutes then 'minutes missing'
    when overlap_minutes > 0 then 'overlap'
    when credited_minutes < actual_minutes then 'capped at schedule'
    else 'counted'
  end as counted_why,
  is_clinical,
  is_attended,
  is_attended and not is_partial as is_shown,
  is_partial,
  is_missing_minutes,
  session_date <= $analysis_cut as is_before_cut
from measured
