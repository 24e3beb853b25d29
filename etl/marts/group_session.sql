-- One row per group and scheduled start that met.
-- Groups with the patients who were present, up to the analysis cut. A group's site and program are those of most present.
-- order by: month_start, site, group_id, scheduled_start
-- column: scheduled_start: Scheduled start; midnight of the day where there is no schedule.
-- column: site: Site of most patients who were present.
-- column: program: Program of most patients who were present.
-- column: track: Track of most patients who were present.
-- column: level_of_care: Level of care of most patients who were present.
-- column: month_start: First day of the meeting's month.
-- column: service_type: Kind of service.
-- column: present: Patients who attended. (persons)
-- column: is_over_limit: More than group_size_limit patients were present.
with place as (
  select episode_id, site, program, track, level_of_care
  from mart.episode
),
present as (
  select
    group_id,
    coalesce(scheduled_start, session_date::timestamp) as scheduled_start,
    place.site,
    place.program,
    place.track,
    place.level_of_care,
    min(month_start) as month_start,
    min(service_type) as service_type,
    count(distinct patient_id) as patients
  from mart.session
  join place using (episode_id)
  where is_attended and is_clinical and is_before_cut and group_id is not null
  group by all
)
select
  group_id,
  scheduled_start,
  first(site order by patients desc, site, program, track, level_of_care) as site,
  first(program order by patients desc, site, program, track, level_of_care) as program,
  first(track order by patients desc, site, program, track, level_of_care) as track,
  first(level_of_care order by patients desc, site, program, track, level_of_care) as level_of_care,
  min(month_start) as month_start,
  min(service_type) as service_type,
  sum(patients)::integer as present,
  sum(patients) > $group_size_limit as is_over_limit
from present
group by group_id, scheduled_start
