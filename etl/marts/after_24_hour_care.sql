-- One row per discharge from inpatient, residential or withdrawal care of a living person up to the analysis cut, except transfers.
-- First follow-up after 24-hour care. Where other 24-hour care begins within same_episode_gap_days of the discharge, or began before it and goes on, the discharge is a transfer and has no row: the discharge from that care has.
-- order by: discharge_date, episode_id
-- column: age: Age at discharge, or at admission where there is no birth date. (years)
-- column: substance_visit_day: Days to the first attended outpatient, intensive outpatient or partial hospitalization service for substance use or co-occurring disorders after the discharge date, up to the data cut; empty without one. (days)
-- column: mental_health_visit_day: The same for mental health or co-occurring disorders. (days)
-- column: dose_day: Days to the first dose of medication for addiction on the discharge date or later; empty without one. (days)
-- column: later_dose_day: The same after the discharge date. (days)
-- column: residential_day: Days to the first residential admission for substance use or co-occurring disorders on day 3 or later; empty without one. (days)
with stay as (
  select
    episode.episode_id,
    episode.patient_id,
    episode.program,
    episode.level_of_care,
    episode.admission_date,
    episode.discharge_date,
    episode.discharge_reason,
    coalesce(date_sub('year', patients.birth_date, episode.discharge_date), episodes.age_at_admission)::integer as age
  from mart.episode as episode
  join core.episodes as episodes on episodes.episode_id = episode.episode_id
  left join core.patients as patients on patients.patient_id = episode.patient_id
  where episode.level_of_care in ('inpatient', 'residential', 'withdrawal')
),
discharged as (
  select episode_id, patient_id, program, level_of_care, discharge_date, age
  from stay
  where discharge_date <= $analysis_cut
    and coalesce(discharge_reason <> 'died', true)
    and not exists (
      select 1
      from stay as other
      where other.patient_id = stay.patient_id
        and other.episode_id <> stay.episode_id
        and other.admission_date <= stay.discharge_date + $same_episode_gap_days
        and coalesce(other.discharge_date > stay.discharge_date, true)
    )
),
visit as (
  select episode.patient_id, episode.program, service_day.service_date
  from mart.service_day as service_day
  join mart.episode as episode on episode.episode_id = service_day.episode_id
  where episode.level_of_care in ('OP', 'IOP', 'PHP')
    and episode.patient_id in (select patient_id from discharged)
),
visited as (
  select
    discharged.episode_id,
    min(service_date - discharge_date) filter (where visit.program in ('SUD', 'COD')) as substance_visit_day,
    min(service_date - discharge_date) filter (where visit.program in ('MH', 'COD')) as mental_health_visit_day
  from discharged
  join visit on visit.patient_id = discharged.patient_id and visit.service_date > discharged.discharge_date
  group by discharged.episode_id
),
dosed as (
  select
    discharged.episode_id,
    min(dose_date - discharge_date) as dose_day,
    min(dose_date - discharge_date) filter (where dose_date > discharge_date) as later_dose_day
  from discharged
  join core.medications as medications
    on medications.patient_id = discharged.patient_id
    and medications.dose_date >= discharged.discharge_date
  group by discharged.episode_id
),
housed as (
  select discharged.episode_id, min(stay.admission_date - discharged.discharge_date) as residential_day
  from discharged
  join stay
    on stay.patient_id = discharged.patient_id
    and stay.admission_date >= discharged.discharge_date + 3
    and stay.level_of_care = 'residential'
    and stay.program in ('SUD', 'COD')
  group by discharged.episode_id
)
select
  discharged.episode_id,
  discharged.discharge_date,
  discharged.age,
  visited.substance_visit_day::integer as substance_visit_day,
  visited.mental_health_visit_day::integer as mental_health_visit_day,
  dosed.dose_day::integer as dose_day,
  dosed.later_dose_day::integer as later_dose_day,
  housed.residential_day::integer as residential_day
from discharged
left join visited on visited.episode_id = discharged.episode_id
left join dosed on dosed.episode_id = discharged.episode_id
left join housed on housed.episode_id = discharged.episode_id
