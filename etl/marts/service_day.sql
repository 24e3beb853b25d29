-- One row per episode and day with an attended clinical session up to the data cut.
-- Days of service: the unit of care of an intensive outpatient program.
-- order by: service_date, episode_id
-- column: episode_id: Episode that was served; a restart within a day has the first part's key.
-- column: patient_id: Who came.
-- column: service_date: Day of the service.
-- column: services: Attended clinical sessions of the day; one session is one service. (sessions)
-- column: primary_services: Those that are psychotherapy: group, individual or family. (sessions)
-- column: is_before_cut: On or before the analysis cut.
select
  episode_id,
  any_value(patient_id) as patient_id,
  session_date as service_date,
  count(*)::integer as services,
  (count(*) filter (where service_type in ('group', 'individual', 'family')))::integer as primary_services,
  session_date <= $analysis_cut as is_before_cut
from mart.session
where is_attended and is_clinical
group by episode_id, session_date
