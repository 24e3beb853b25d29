-- One row per request that is not for mental-health care alone.
-- Initiation and engagement of substance use treatment, counted from the first contact. A day of treatment has an attended clinical service at an episode for substance use or co-occurring disorders, an admission to or discharge from 24-hour care for them, or a dose of medication for addiction.
-- order by: requested_date, request_id
-- column: age: Age on the day of the request, or at the admission where there is no birth date. (years)
-- column: age_group: adult (18 or older) or adolescent, by the birth date alone.
-- column: program: Program of the episode that the request led to; empty for people who never started.
-- column: days_since_known: Days from the person's last day of treatment, or last such request, to this one; empty without one. (days)
-- column: initiation_day: First day of treatment from the request on, at most 13 days after it; empty without one. (days)
-- column: engagement_days: Days of treatment in the 34 days after initiation. (days)
-- column: has_long_acting: A long-acting injection in these days: naltrexone with the amount 1. Injections of buprenorphine cannot be told from a milligram.
with treatment as (
  select patient_id, treatment_date, bool_or(is_long_acting) as is_long_acting
  from (
    select episode.patient_id, service_date as treatment_date, false as is_long_acting
    from mart.service_day as service_day
    join mart.episode as episode on episode.episode_id = service_day.episode_id
    where episode.program in ('SUD', 'COD')
    union all
    select patient_id, unnest([admission_date, discharge_date]), false
    from mart.episode
    where program in ('SUD', 'COD')
      and level_of_care in ('inpatient', 'residential', 'withdrawal')
    union all
    select patient_id, dose_date, medication = 'naltrexone' and coalesce(amount = 1, false)
    from core.medications
  ) as day
  where treatment_date is not null
  group by patient_id, treatment_date
),
asked as (
  select
    *,
    requested_date - lag(requested_date) over (partition by patient_id order by requested_date, request_id)
      as days_since_request
  from mart.request
  where coalesce(program <> 'MH', true)
),
dated as (
  select
    asked.request_id,
    max(treatment_date) filter (where treatment_date < requested_date) as last_date,
    min(treatment_date) filter (where treatment_date >= requested_date) as initiation_date
  from asked
  join treatment
    on treatment.patient_id = asked.patient_id
    and treatment.treatment_date <= asked.requested_date + 13
  group by asked.request_id
),
engaged as (
  select asked.request_id, count(*) as days, bool_or(is_long_acting) as has_long_acting
  from asked
  join dated on dated.request_id = asked.request_id
  join treatment
    on treatment.patient_id = asked.patient_id
    and treatment.treatment_date between initiation_date + 1 and initiation_date + 34
  group by asked.request_id
)
select
  asked.request_id,
  asked.site,
  asked.region,
  asked.level_of_care,
  asked.sex,
  asked.age,
  asked.age_group,
  asked.program,
  asked.requested_date,
  least(asked.requested_date - dated.last_date, days_since_request)::integer as days_since_known,
  (dated.initiation_date - asked.requested_date)::integer as initiation_day,
  coalesce(engaged.days, 0)::integer as engagement_days,
  coalesce(engaged.has_long_acting, false) as has_long_acting
from asked
left join dated on dated.request_id = asked.request_id
left join engaged on engaged.request_id = asked.request_id
