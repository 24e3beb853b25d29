/*
title = "Group size"
question = "How many patients are present in a group?"
formula = "Patients present at each group meeting that at least one of the selected patients attended; everybody present counts."
unit = "persons"
higher_is = "neutral"
statistic = "distribution"
spec = ["INT-12"]
source = "INT-12; the limit of 12 is a rule of the load, some payers ask for 8"
reviewed = "not clinically reviewed"
dated_by = "month"
unit_of_analysis = "group meeting"
axis = "none"
notes = "Dates choose whole months by their first day. The share at target has 13 or more present, which is over the limit of 12; the measure group_over_limit follows the rule group_size_limit."
not_listed = "It counts group meetings, not people: a meeting is there once, however many of the chosen people attended."

[options]
statistics = ["mean", "median", "p25", "p75", "p90", "share_at_target"]
target = 13
*/
-- One row per compared group and number of patients present.
with attended as (
  -- One row per selected patient and meeting.
  select
    selected_episode.group_name,
    selected_episode.patient_id,
    session.group_id,
    coalesce(session.scheduled_start, session.session_date::timestamp) as scheduled_start
  from selected_episode
  join mart.session as session on session.episode_id = selected_episode.episode_id
  where session.is_attended
    and session.is_clinical
    and session.is_before_cut
    and session.group_id is not null
    and session.month_start between $date_from and $date_to
),
meeting as (
  -- One row per group and meeting that a selected patient attended.
  select distinct group_name, group_id, scheduled_start
  from attended
),
people as (
  select group_name, count(distinct patient_id) as clusters
  from attended
  group by group_name
)
select
  meeting.group_name,
  '' as category,
  group_session.present as amount,
  count(*) as weight,
  0 as missing_n,
  any_value(people.clusters) as clusters
from meeting
join people on people.group_name = meeting.group_name
join mart.group_session as group_session
  on group_session.group_id = meeting.group_id
  and group_session.scheduled_start = meeting.scheduled_start
group by meeting.group_name, group_session.present
order by meeting.group_name, group_session.present
