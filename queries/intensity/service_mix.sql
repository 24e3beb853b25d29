/*
title = "Service mix"
question = "What do the attended hours consist of?"
formula = "Attended clinical hours of each kind of service, over all attended clinical hours."
unit = "share"
higher_is = "neutral"
statistic = "cluster_ratio"
spec = ["INT-13"]
source = "INT-13"
reviewed = "not clinically reviewed"
dated_by = "month"
unit_of_analysis = "session"
counted = "attended hour"
axis = "category"
partition = true
notes = "Counts are hours; the shares sum to one. Persons are the clusters of the interval. Dates choose whole months by their first day. Missing n: attended sessions of the kind without times, which count 0 hours."
exclusions = [
  "no_session",
  "no_session_in_dates",
  "not_attended",
  { when = "coalesce(sessions.hours, 0) = 0", because = "No attended session has times" },
]
*/
-- One row per compared group and kind of service.
with attended as (
  -- One row per group, person and kind of service that somebody of the group attended.
  select
    selected_episode.group_name,
    selected_episode.patient_id,
    attendance.service_type,
    sum(attendance.attended_hours) as hours,
    sum(attendance.attended_minutes_missing) as missing_n
  from selected_episode
  join mart.attendance as attendance on attendance.episode_id = selected_episode.episode_id
  where attendance.month_start between $date_from and $date_to
    and attendance.attended > 0
  group by selected_episode.group_name, selected_episode.patient_id, attendance.service_type
),
person as (
  select group_name, patient_id, sum(hours) as all_hours
  from attended
  group by group_name, patient_id
),
compared as (
  -- The denominator holds everybody, also those without a service of the kind.
  select
    group_name,
    sum(all_hours) as denominator,
    count(*) filter (where all_hours > 0) as clusters,
    sum(all_hours * all_hours) as sum_nn
  from person
  group by group_name
),
kind as (
  -- A group without a kind of service that others have shows it with 0 hours.
  select distinct service_type
  from attended
),
mixed as (
  select
    attended.group_name,
    attended.service_type,
    sum(attended.hours) as numerator,
    sum(attended.hours * attended.hours) as sum_yy,
    sum(attended.hours * person.all_hours) as sum_yn,
    sum(attended.missing_n) as missing_n
  from attended
  join person on person.group_name = attended.group_name and person.patient_id = attended.patient_id
  group by attended.group_name, attended.service_type
)
select
  compared.group_name,
  replace(kind.service_type, '_', ' ') as category,
  coalesce(mixed.numerator, 0) as numerator,
  compared.denominator,
  compared.clusters,
  coalesce(mixed.sum_yy, 0) as sum_yy,
  coalesce(mixed.sum_yn, 0) as sum_yn,
  compared.sum_nn,
  coalesce(mixed.missing_n, 0) as missing_n
from compared
cross join kind
left join mixed on mixed.group_name = compared.group_name and mixed.service_type = kind.service_type
where compared.denominator > 0
order by compared.group_name, coalesce(mixed.numerator, 0) desc, kind.service_type
