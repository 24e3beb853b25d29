/*
title = "Serious events after discharge"
question = "How many who left have an overdose, a suicide attempt, a visit to an emergency department or die soon after?"
formula = "Closed episodes of living people with an event of the kind on the days 1 to the chosen one after the exit, over those that left at least so long before the analysis cut-off."
unit = "share"
higher_is = "worse"
statistic = "proportion"
spec = ["10 incidents"]
source = "Decisions, last paragraph: overdose, suicide attempt, death, emergency visits, incidents"
reviewed = "not clinically reviewed"
dated_by = "exit"
unit_of_analysis = "episode"
axis = "category"
notes = "One episode may have several kinds. Missing n: none, since an event that nobody reported cannot be told from none."
warning = "Events after discharge are known only as far as claims, registries or later care tell of them: the shares are too low."
exclusions = [
  "never_started",
  "starts_after_cut",
  "still_open",
  { when = "episode.exit_class = 'died'", because = "Died in care" },
  "exit_outside_dates",
  { when = "episode.exit_date + $day::integer > $analysis_cut", because = "Left less than {$day} days before the analysis cut-off", detail = "Left on {episode.exit_date}, less than {$day} days before the analysis cut-off {$analysis_cut}" },
]

[parameters.day]
shared = "day_after_exit"
*/
-- One row per compared group and kind of event.
with episode as (
  select group_name, episode_id, patient_id, exit_date
  from selected_episode
  where is_started
    and is_closed
    and exit_class <> 'died'
    and exit_date between $date_from and $date_to
    and exit_date + $day::integer <= $analysis_cut
),
kind (incident_type, category, place) as (
  values
    ('overdose', 'overdose', 1), ('suicide_attempt', 'suicide attempt', 2), ('death', 'death', 3),
    ('emergency_visit', 'emergency visit', 4)
),
happened as (
  select distinct episode.episode_id, incidents.incident_type
  from episode
  join core.incidents as incidents
    on incidents.patient_id = episode.patient_id
    and incidents.incident_date between episode.exit_date + 1 and episode.exit_date + $day::integer
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
