/*
title = "Hours in person and by telehealth"
question = "How many of the attended hours are by video or telephone?"
formula = "Attended clinical hours of each modality, over all attended clinical hours."
unit = "share"
higher_is = "neutral"
statistic = "cluster_ratio"
spec = ["INT-13"]
source = "INT-13; telehealth beside in person (decisions, last paragraph)"
reviewed = "not clinically reviewed"
dated_by = "month"
unit_of_analysis = "session"
counted = "attended hour"
axis = "category"
partition = true
notes = "Counts are hours; the shares sum to one. Persons are the clusters of the interval. Dates choose whole months by their first day. Missing n: attended sessions of the modality without times, which count 0 hours."
exclusions = [
  "no_session",
  "no_session_in_dates",
  "not_attended",
  { when = "coalesce(sessions.hours, 0) = 0", because = "No attended session has times" },
]
*/
-- One row per compared group and modality.
with person as (
  -- One row per group and person, with the hours of each modality.
  select
    selected_episode.group_name,
    selected_episode.patient_id,
    [
      coalesce(sum(attendance.attended_hours) filter (where attendance.modality = 'in_person'), 0),
      coalesce(sum(attendance.attended_hours) filter (where attendance.modality = 'telehealth'), 0),
      coalesce(sum(attendance.attended_hours) filter (where attendance.modality = 'unknown'), 0)
    ] as hours,
    [
      coalesce(sum(attendance.attended_minutes_missing) filter (where attendance.modality = 'in_person'), 0),
      coalesce(sum(attendance.attended_minutes_missing) filter (where attendance.modality = 'telehealth'), 0),
      coalesce(sum(attendance.attended_minutes_missing) filter (where attendance.modality = 'unknown'), 0)
    ] as missing_n
  from selected_episode
  join mart.attendance as attendance on attendance.episode_id = selected_episode.episode_id
  where attendance.month_start between $date_from and $date_to
    and attendance.attended > 0
  group by selected_episode.group_name, selected_episode.patient_id
),
modality as (
  select
    group_name,
    unnest([1, 2, 3]) as place,
    unnest(['in person', 'telehealth', 'modality not recorded']) as category,
    unnest(hours) as hours,
    list_sum(hours) as all_hours,
    unnest(missing_n) as missing_n
  from person
)
select
  group_name,
  category,
  sum(hours) as numerator,
  sum(all_hours) as denominator,
  count(*) filter (where all_hours > 0) as clusters,
  sum(hours * hours) as sum_yy,
  sum(hours * all_hours) as sum_yn,
  sum(all_hours * all_hours) as sum_nn,
  sum(missing_n) as missing_n
from modality
group by group_name, place, category
having sum(all_hours) > 0
order by group_name, place
