/*
title = "Outcomes of scheduled sessions"
question = "What becomes of the sessions: shown, in part, missed, or cancelled by whom?"
formula = "Clinical sessions with each outcome, over all clinical sessions."
unit = "share"
higher_is = "neutral"
statistic = "cluster_ratio"
spec = ["INT-07", "INT-08"]
source = "INT-07, decision 9"
reviewed = "not clinically reviewed"
dated_by = "month"
unit_of_analysis = "session"
axis = "category"
partition = true
notes = "The shares sum to one. Shown: attended for at least half of the scheduled minutes, or of unknown length. Persons are the clusters of the interval. Dates choose whole months by their first day."
exclusions = [
  "no_session",
  "no_session_in_dates",
]
*/
-- One row per compared group and outcome.
with person as (
  -- One row per group and person.
  select
    selected_episode.group_name,
    selected_episode.patient_id,
    [
      sum(attendance.shown),
      sum(attendance.partial),
      sum(attendance.no_show),
      sum(attendance.late_cancel),
      sum(attendance.client_cancel),
      sum(attendance.program_cancel),
      sum(attendance.unknown)
    ] as outcomes
  from selected_episode
  join mart.attendance as attendance on attendance.episode_id = selected_episode.episode_id
  where attendance.month_start between $date_from and $date_to
  group by selected_episode.group_name, selected_episode.patient_id
),
outcome as (
  select
    group_name,
    unnest([1, 2, 3, 4, 5, 6, 7]) as sequence,
    unnest([
      'shown',
      'attended in part',
      'no-show',
      'late cancellation by the patient',
      'timely cancellation by the patient',
      'cancelled by the program',
      'not recorded'
    ]) as category,
    unnest(outcomes) as sessions,
    list_sum(outcomes) as all_sessions
  from person
)
select
  group_name,
  category,
  sum(sessions) as numerator,
  sum(all_sessions) as denominator,
  count(*) as clusters,
  sum(sessions * sessions) as sum_yy,
  sum(sessions * all_sessions) as sum_yn,
  sum(all_sessions * all_sessions) as sum_nn,
  0 as missing_n
from outcome
group by group_name, sequence, category
having sum(all_sessions) > 0
order by group_name, sequence
