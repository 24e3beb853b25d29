/*
title = "Show rate, by month"
question = "Does the share of sessions that people come to change from month to month?"
formula = "Sessions shown (attended for at least half of the scheduled minutes), over sessions shown, attended in part, missed without a cancellation, or cancelled less than 24 hours before, by month."
unit = "share"
higher_is = "better"
statistic = "cluster_ratio"
spec = ["INT-07"]
source = "INT-07, decision 9"
reviewed = "not clinically reviewed"
dated_by = "month"
unit_of_analysis = "session"
axis = "period"
notes = "Sessions that the program cancelled, or the patient 24 hours before, are left out: see the outcomes of scheduled sessions. Persons are the clusters of the interval. Dates choose whole months by their first day. Missing n: sessions whose outcome was not recorded."
exclusions = [
  "no_session",
  "no_session_in_dates",
  { when = "sessions.expected = 0", because = "Every session was cancelled in time or by the program, or its outcome is not recorded" },
]
*/
-- One row per compared group and month.
with person as (
  -- One row per group, month and person.
  select
    selected_episode.group_name,
    attendance.month_start as period,
    selected_episode.patient_id,
    sum(attendance.shown) as shown,
    sum(attendance.shown + attendance.partial + attendance.no_show + attendance.late_cancel) as expected,
    sum(attendance.unknown) as missing_n
  from selected_episode
  join mart.attendance as attendance on attendance.episode_id = selected_episode.episode_id
  where attendance.month_start between $date_from and $date_to
  group by selected_episode.group_name, attendance.month_start, selected_episode.patient_id
)
select
  group_name,
  '' as category,
  period,
  sum(shown) as numerator,
  sum(expected) as denominator,
  count(*) filter (where expected > 0) as clusters,
  sum(shown * shown) as sum_yy,
  sum(shown * expected) as sum_yn,
  sum(expected * expected) as sum_nn,
  sum(missing_n) as missing_n
from person
group by group_name, period
having sum(expected) > 0
order by group_name, period
