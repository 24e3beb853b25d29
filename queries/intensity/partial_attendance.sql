/*
title = "Attended in part"
question = "In how many attended sessions were people present for less than half of the time?"
formula = "Attended sessions with less than half of the scheduled minutes, over all attended sessions."
unit = "share"
higher_is = "worse"
statistic = "cluster_ratio"
spec = ["INT-09"]
source = "INT-09, decision 9"
reviewed = "not clinically reviewed"
dated_by = "month"
unit_of_analysis = "session"
axis = "none"
notes = "Hours always use the true minutes. Persons are the clusters of the interval. Dates choose whole months by their first day. Missing n: attended sessions without times; they are in the denominator and count as not partial."
exclusions = [
  "no_session",
  "no_session_in_dates",
  "not_attended",
]
*/
-- One row per compared group.
with person as (
  -- One row per group and person who attended.
  select
    selected_episode.group_name,
    selected_episode.patient_id,
    sum(attendance.partial) as partial,
    sum(attendance.attended) as attended,
    sum(attendance.attended_minutes_missing) as missing_n
  from selected_episode
  join mart.attendance as attendance on attendance.episode_id = selected_episode.episode_id
  where attendance.month_start between $date_from and $date_to
  group by selected_episode.group_name, selected_episode.patient_id
)
select
  group_name,
  '' as category,
  sum(partial) as numerator,
  sum(attended) as denominator,
  count(*) filter (where attended > 0) as clusters,
  sum(partial * partial) as sum_yy,
  sum(partial * attended) as sum_yn,
  sum(attended * attended) as sum_nn,
  sum(missing_n) as missing_n
from person
group by group_name
having sum(attended) > 0
order by group_name
