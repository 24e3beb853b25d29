/*
title = "No-show rate"
question = "How many sessions are missed without a cancellation, and how many are cancelled too late?"
formula = "No-shows, and beside them cancellations less than 24 hours before, each over sessions shown, attended in part, missed without a cancellation, or cancelled less than 24 hours before."
unit = "share"
higher_is = "worse"
statistic = "cluster_ratio"
spec = ["INT-08"]
source = "INT-08, decision 9"
reviewed = "not clinically reviewed"
dated_by = "month"
unit_of_analysis = "session"
axis = "category"
notes = "A no-show is not a late cancellation: the two are never summed. The denominator is that of the show rate. Persons are the clusters of the interval. Dates choose whole months by their first day. Missing n: sessions whose outcome was not recorded."
exclusions = [
  "no_session",
  "no_session_in_dates",
  { when = "sessions.expected = 0", because = "Every session was cancelled in time or by the program, or its outcome is not recorded" },
]
*/
-- One row per compared group and kind of absence.
with person as (
  -- One row per group and person.
  select
    selected_episode.group_name,
    selected_episode.patient_id,
    sum(attendance.no_show) as no_show,
    sum(attendance.late_cancel) as late_cancel,
    sum(attendance.shown + attendance.partial + attendance.no_show + attendance.late_cancel) as expected,
    sum(attendance.unknown) as missing_n
  from selected_episode
  join mart.attendance as attendance on attendance.episode_id = selected_episode.episode_id
  where attendance.month_start between $date_from and $date_to
  group by selected_episode.group_name, selected_episode.patient_id
),
absence as (
  select
    group_name,
    unnest([1, 2]) as sequence,
    unnest(['no-show', 'late cancellation']) as category,
    unnest([no_show, late_cancel]) as missed,
    expected,
    missing_n
  from person
)
select
  group_name,
  category,
  sum(missed) as numerator,
  sum(expected) as denominator,
  count(*) filter (where expected > 0) as clusters,
  sum(missed * missed) as sum_yy,
  sum(missed * expected) as sum_yn,
  sum(expected * expected) as sum_nn,
  sum(missing_n) as missing_n
from absence
group by group_name, sequence, category
having sum(expected) > 0
order by group_name, sequence
