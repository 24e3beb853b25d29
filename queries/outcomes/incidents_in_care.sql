/*
title = "Serious events in care"
question = "In how many episodes is there an overdose, a suicide attempt, a visit to an emergency department or another serious event?"
formula = "Episodes with at least one event of the kind from day 0 to the exit or the analysis cut-off, over all started episodes."
unit = "share"
higher_is = "worse"
statistic = "proportion"
spec = ["10 incidents"]
source = "Decisions, last paragraph: overdose, suicide attempt, death, emergency visits, incidents"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
notes = "One episode may have several kinds; several events of one kind count once. Missing n: none, since an event that was not reported cannot be told from none."
warning = "Only what was reported or billed. A program that reports more looks worse; longer stays have more days on which something can happen."
exclusions = ["never_started", "starts_after_cut", "outside_dates"]
*/
-- One row per compared group and kind of event.
with episode as (
  select group_name, episode_id, patient_id, day_zero, day_zero + time_days as last_day
  from selected_episode
  where is_started
    and day_zero between $date_from and $date_to
),
kind (incident_type, category, place) as (
  values
    ('overdose', 'overdose', 1), ('suicide_attempt', 'suicide attempt', 2), ('death', 'death', 3),
    ('emergency_visit', 'emergency visit', 4), ('restraint', 'restraint or seclusion', 5), ('assault', 'assault', 6),
    ('medication_error', 'medication error', 7), ('injury', 'injury', 8), ('other', 'another event', 9)
),
happened as (
  select distinct episode.episode_id, incidents.incident_type
  from episode
  join core.incidents as incidents
    on incidents.patient_id = episode.patient_id
    and incidents.incident_date between episode.day_zero and episode.last_day
),
compared as (
  select group_name, count(*) as denominator
  from episode
  group by group_name
),
counted as (
  select episode.group_name, happened.incident_type, count(*) as numerator
  from happened
  join episode on episode.episode_id = happened.episode_id
  group by episode.group_name, happened.incident_type
)
select
  compared.group_name,
  kind.category,
  case when exists (select 1 from core.incidents) then coalesce(counted.numerator, 0) end as numerator,
  compared.denominator,
  0 as missing_n,
  case when not exists (select 1 from core.incidents) then 'not defined: no incident is recorded' end as unavailable
from compared
cross join kind
left join counted on counted.group_name = compared.group_name and counted.incident_type = kind.incident_type
order by compared.group_name, kind.place
