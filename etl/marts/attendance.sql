-- One row per episode, month, kind of service and modality.
-- What became of the clinical sessions up to the analysis cut.
-- order by: month_start, episode_id, service_type, modality
-- column: month_start: First day of the sessions' month.
-- column: attended: Sessions that the patient came to: shown and partial. (sessions)
-- column: shown: Attended for at least shown_attendance_share of the schedule, or of unknown length. (sessions)
-- column: partial: Attended for less than shown_attendance_share of the schedule. (sessions)
-- column: no_show: Missed without a cancellation. (sessions)
-- column: late_cancel: Cancelled by the patient less than 24 hours before. (sessions)
-- column: client_cancel: Cancelled by the patient at least 24 hours before. (sessions)
-- column: program_cancel: Cancelled by the program. (sessions)
-- column: unknown: Outcome not recorded. (sessions)
-- column: attended_hours: Attended clinical hours. (hours)
-- column: attended_hours_of_scheduled: Attended clinical hours of sessions that have a schedule. (hours)
-- column: scheduled_hours_kept: Scheduled hours except those that the program cancelled. (hours)
-- column: attended_minutes_missing: Attended sessions without times. (sessions)
select
  episode_id,
  month_start,
  service_type,
  modality,
  count(*) filter (where is_attended) as attended,
  count(*) filter (where is_shown) as shown,
  count(*) filter (where is_partial) as partial,
  count(*) filter (where status = 'no_show') as no_show,
  count(*) filter (where status = 'late_cancel') as late_cancel,
  count(*) filter (where status = 'client_cancel') as client_cancel,
  count(*) filter (where status = 'program_cancel') as program_cancel,
  count(*) filter (where status = 'unknown') as unknown,
  sum(counted_minutes) / 60 as attended_hours,
  coalesce(sum(counted_minutes) filter (where scheduled_minutes is not null), 0) / 60 as attended_hours_of_scheduled,
  coalesce(sum(scheduled_minutes) filter (where status <> 'program_cancel'), 0) / 60 as scheduled_hours_kept,
  count(*) filter (where is_missing_minutes) as attended_minutes_missing
from mart.session
where is_clinical and is_before_cut
group by episode_id, month_start, service_type, modality
