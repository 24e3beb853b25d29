/*
title = "Groups over the size limit"
question = "How many group meetings have more patients than the limit?"
formula = "Group meetings with more patients present than the limit, over all group meetings that at least one of the selected patients attended."
unit = "share"
higher_is = "worse"
statistic = "proportion"
spec = ["INT-12"]
source = "INT-12; the limit is the rule group_size_limit of the load (12), some payers ask for 8"
reviewed = "not clinically reviewed"
dated_by = "month"
unit_of_analysis = "group meeting"
axis = "none"
notes = "The interval takes meetings as independent, although a group meets again and again with the same people. Dates choose whole months by their first day."
not_listed = "It counts group meetings, not people: a meeting is there once, however many of the chosen people attended."

[parameters.limit]
type = "text"
default = "of the load"
label = "Limit: the rule group_size_limit of the load, or the strict one of 8"
choices = ["of the load", "strict"]
*/
-- One row per compared group.
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
  count(*) filter (where if($limit = 'strict', group_session.present > 8, group_session.is_over_limit)) as numerator,
  count(*) as denominator,
  0 as missing_n,
  any_value(people.clusters) as clusters
from meeting
join people on people.group_name = meeting.group_name
join mart.group_session as group_session
  on group_session.group_id = meeting.group_id
  and group_session.scheduled_start = meeting.scheduled_start
group by meeting.group_name
order by meeting.group_name
