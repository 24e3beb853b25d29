/*
title = "Attended of scheduled hours"
question = "How many of the scheduled clinical hours do people attend?"
formula = "Sum of attended hours of scheduled sessions, over the sum of all scheduled hours except those that the program cancelled."
unit = "share"
higher_is = "better"
statistic = "cluster_ratio"
spec = ["INT-06"]
source = "INT-06"
reviewed = "not clinically reviewed"
dated_by = "month"
unit_of_analysis = "session"
counted = "scheduled hour"
axis = "none"
notes = "A ratio of sums, not a mean of ratios; counts are hours. Persons are the clusters of the interval. Dates choose whole months by their first day. Missing n: attended sessions without times, which count 0 hours."
exclusions = [
  "no_session",
  "no_session_in_dates",
  { when = "coalesce(sessions.scheduled_hours, 0) = 0", because = "Nothing was scheduled that the program did not cancel" },
]
*/
-- One row per compared group.
with person as (
  -- One row per group and person who had something scheduled.
  select
    selected_episode.group_name,
    selected_episode.patient_id,
    sum(attendance.attended_hours_of_scheduled) as hours,
    sum(attendance.scheduled_hours_kept) as scheduled,
    sum(attendance.attended_minutes_missing) as missing_n
  from selected_episode
  join mart.attendance as attendance on attendance.episode_id = selected_episode.episode_id
  where attendance.month_start between $date_from and $date_to
  group by selected_episode.group_name, selected_episode.patient_id
  having sum(attendance.scheduled_hours_kept) > 0
)
select
  group_name,
  '' as category,
  sum(hours) as numerator,
  sum(scheduled) as denominator,
  count(*) as clusters,
  sum(hours * hours) as sum_yy,
  sum(hours * scheduled) as sum_yn,
  sum(scheduled * scheduled) as sum_nn,
  sum(missing_n) as missing_n
from person
group by group_name
order by group_name
