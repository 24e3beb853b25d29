-- One row per episode.
-- Episodes with their day 0, exit, state at the analysis cut, attended hours and cost.
-- order by: site, program, day_zero, episode_id
-- column: region: Group of sites that is managed or reported together.
-- column: age_group: adult (18 or older at day 0) or adolescent; empty where the age is not known.
-- column: is_adolescent: Younger than 18 at day 0.
-- column: severity: Sum of the six ASAM dimensions at admission, 0 to 24; empty if one is missing. (points)
-- column: severity_band: low (0-7), middle (8-12) or high (13-24).
-- column: day_zero: First attended clinical service, or the declared index date where the rule day_zero says so; empty for people who never started.
-- column: is_started: Day 0 is on or before the analysis cut: the episode is in the denominators.
-- column: is_readmission: Began 2 to 30 days after the same person's last exit at the same level of care.
-- column: last_attended_date: Last attended clinical service up to the data cut.
-- column: exit_class: completed, step_down, lateral, step_up, dropped_out, terminated, incarcerated, died, other, unknown; open without a discharge.
-- column: exit_date: Discharge date of a completion, transfer or death; the last attended service of every other exit, and of open episodes so far.
-- column: exit_day: Days from day 0 to exit_date. (days)
-- column: open_until: Last day on which weeks of care are expected: the discharge of a completion, transfer or death, else the planned end or the no-contact limit; at most the analysis cut.
-- column: time_days: Days from day 0 to the exit, or to the analysis cut while in care; empty for episodes that had not started. (days)
-- column: cause: State at the analysis cut: success, dropout, other, unknown or open (in care); empty for episodes that had not started.
-- column: exit_group: The cause in words: completed or stepped down, dropped out or terminated, other exit, reason not recorded, or open (in care).
-- column: exit_reason: How it had ended by the analysis cut, in words: completed, step down, lateral, step up, dropped out (without a discharge too), terminated, incarcerated, died, other, reason not recorded, or open (in care).
-- column: is_closed: Had ended by the analysis cut.
-- column: sessions_attended: Attended clinical sessions up to the analysis cut. (sessions)
-- column: attended_days: Days with an attended clinical session up to the analysis cut. (days)
-- column: weeks_with_service: Monday-to-Sunday weeks with an attended clinical session up to the analysis cut. (weeks)
-- column: attended_hours: Attended clinical hours up to the analysis cut; sessions without times count 0. (hours)
-- column: attended_hours_upper: The same with the scheduled length for sessions without times. (hours)
-- column: missing_minutes_sessions: Attended clinical sessions without times up to the analysis cut. (sessions)
-- column: individual_sessions: Attended individual sessions up to the analysis cut. (sessions)
-- column: family_sessions: Attended family sessions up to the analysis cut. (sessions)
-- column: cost_amount: Sum of the cost lines; empty where their bases differ. (USD)
-- column: cost_basis: Basis of the cost lines; empty where they differ or there are none.
-- column: cost_lines: Number of cost lines. (lines)
-- column: is_cost_complete: Ended by the analysis cut, with cost lines of one basis.
-- column: admission_month: First day of the month of the admission.
-- column: exit_month: First day of the month of the exit; empty until it has ended by the analysis cut.
with level as (
  select level_of_care, height
  from level_heights()
),
service_day as (
  select
    episode_id,
    session_date,
    any_value(week_start) as week_start,
    count(*) filter (where is_before_cut) as sessions,
    sum(counted_minutes) filter (where is_before_cut) as minutes,
    sum(upper_minutes) filter (where is_before_cut) as upper_minutes,
    count(*) filter (where is_before_cut and is_missing_minutes) as missing_sessions,
    count(*) filter (where is_before_cut and service_type = 'individual') as individual_sessions,
    count(*) filter (where is_before_cut and service_type = 'family') as family_sessions
  from mart.session
  where is_attended and is_clinical
  group by episode_id, session_date
),
service_week as (
  select
    episode_id,
    week_start,
    min(session_date) as first_date,
    max(session_date) as last_date,
    count(*) filter (where sessions > 0) as days,
    sum(sessions) as sessions,
    sum(minutes) as minutes,
    sum(upper_minutes) as upper_minutes,
    sum(missing_sessions) as missing_sessions,
    sum(individual_sessions) as individual_sessions,
    sum(family_sessions) as family_sessions
  from service_day
  group by episode_id, week_start
),
service as (
  select
    episode_id,
    min(first_date) as first_attended_date,
    max(last_date) as last_attended_date,
    sum(sessions)::integer as sessions_attended,
    sum(days)::integer as attended_days,
    (count(*) filter (where days > 0))::integer as weeks_with_service,
    sum(minutes) / 60 as attended_hours,
    sum(upper_minutes) / 60 as attended_hours_upper,
    sum(missing_sessions)::integer as missing_minutes_sessions,
    sum(individual_sessions)::integer as individual_sessions,
    sum(family_sessions)::integer as family_sessions
  from service_week
  group by episode_id
),
cost as (
  select
    part.episode_id,
    sum(amount)::double as amount,
    min(basis) as basis,
    count(distinct basis) as bases,
    count(*)::integer as lines
  from core.costs as costs
  join mart.episode_part as part on part.part_id = costs.episode_id
  group by part.episode_id
),
restarted as (
  -- The discharge is that of the last part, the plan the latest that was made.
  select
    part.episode_id,
    last(discharge_date order by part.part) as discharge_date,
    last(discharge_reason order by part.part) as discharge_reason,
    last(discharge_to order by part.part) as discharge_to,
    max(admission_date + planned_days) as planned_until,
    sum(planned_hours) as planned_hours
  from core.episodes as episodes
  join mart.episode_part as part on part.part_id = episodes.episode_id
  where part.parts > 1
  group by part.episode_id
),
stay as (
  select
    episodes.* replace (
      if(is_restarted, restarted.discharge_date, episodes.discharge_date) as discharge_date,
      if(is_restarted, restarted.discharge_reason, episodes.discharge_reason) as discharge_reason,
      if(is_restarted, restarted.discharge_to, episodes.discharge_to) as discharge_to,
      if(is_restarted, restarted.planned_until - episodes.admission_date, episodes.planned_days)::integer as planned_days,
      if(is_restarted, restarted.planned_hours, episodes.planned_hours) as planned_hours
    )
  from (
    select episodes.*, part.parts > 1 as is_restarted
    from core.episodes as episodes
    join mart.episode_part as part on part.part_id = episodes.episode_id
    where part.part = 1
  ) as episodes
  left join restarted on restarted.episode_id = episodes.episode_id
),
described as (
  select
    stay.*,
    sites.region,
    patients.sex,
    patients.race_ethnicity,
    patients.preferred_language,
    service.* exclude (episode_id),
    case when $day_zero = 'declared' then coalesce(index_date, first_attended_date) else first_attended_date end as day_zero,
    coalesce(date_sub('year', birth_date, coalesce(day_zero, admission_date)), age_at_admission) as age,
    asam_dimension_1 + asam_dimension_2 + asam_dimension_3 + asam_dimension_4 + asam_dimension_5 + asam_dimension_6
      as severity,
    is_exit_at_discharge(discharge_reason) as is_dated_by_discharge,
    case
      when discharge_date is null then 'open'
      when discharge_reason is null then 'unknown'
      when discharge_reason <> 'transferred' then discharge_reason
      when destination.height < origin.height then 'step_down'
      when destination.height = origin.height then 'lateral'
      when destination.height > origin.height then 'step_up'
      else 'other'
    end as exit_class
  from stay
  left join core.sites as sites on sites.site = stay.site
  left join core.patients as patients on patients.patient_id = stay.patient_id
  left join service on service.episode_id = stay.episode_id
  left join level as origin on origin.level_of_care = stay.level_of_care
  left join level as destination on destination.level_of_care = stay.discharge_to
),
dated as (
  select
    *,
    coalesce(day_zero <= $analysis_cut, false) as is_started,
    -- An administrative discharge comes weeks after the person left: it does not lengthen the stay.
    case when is_dated_by_discharge then discharge_date else greatest(last_attended_date, day_zero) end as exit_date,
    coalesce(last_attended_date, day_zero) as last_seen_date,
    day_zero + planned_days - 1 as planned_end
  from described
),
evaluated as (
  select
    *,
    greatest(exit_date - day_zero, 0)::integer as exit_day,
    case
      when not is_started then null
      when exit_date > $analysis_cut then 'open'
      when exit_class in ('completed', 'step_down') then 'success'
      when exit_class in ('dropped_out', 'terminated') then 'dropout'
      when exit_class in ('lateral', 'step_up', 'incarcerated', 'died', 'other') then 'other'
      when exit_class = 'unknown' then 'unknown'
      when $dropout_definition = 'attended' or last_seen_date + $no_contact_days <= $data_cut then 'dropout'
      else 'open'
    end as cause,
    least(
      $analysis_cut,
      case
        when is_dated_by_discharge then discharge_date
        when planned_end is null then last_seen_date + $no_contact_days
        else least(last_seen_date + $no_contact_days, greatest(planned_end, last_seen_date))
      end
    ) as open_until
  from dated
)
select
  evaluated.episode_id,
  patient_id,
  site,
  region,
  program,
  track,
  arm,
  level_of_care,
  payer,
  primary_substance,
  age_group_of(age) as age_group,
  coalesce(age_group_of(age) = 'adolescent', false) as is_adolescent,
  sex,
  race_ethnicity,
  preferred_language,
  housing,
  is_mandated,
  prior_episodes,
  severity,
  case when severity <= 7 then 'low' when severity <= 12 then 'middle' when severity <= 24 then 'high' end as severity_band,
  admission_date,
  day_zero,
  is_started,
  coalesce(admission_date - max(exit_date) over earlier between 2 and 30, false) as is_readmission,
  last_attended_date,
  discharge_date,
  discharge_reason,
  discharge_to,
  referred_from,
  planned_days,
  planned_hours,
  exit_class,
  exit_date,
  exit_day,
  case when day_zero is not null then open_until end as open_until,
  case when cause = 'open' then ($analysis_cut - day_zero)::integer when cause is not null then exit_day end as time_days,
  cause,
  case cause
    when 'success' then 'completed or stepped down'
    when 'dropout' then 'dropped out or terminated'
    when 'other' then 'other exit'
    when 'unknown' then 'reason not recorded'
    else cause
  end as exit_group,
  case
    when cause = 'open' or cause is null then cause
    when cause = 'unknown' then 'reason not recorded'
    when exit_class = 'open' then 'dropped out'
    else replace(exit_class, '_', ' ')
  end as exit_reason,
  coalesce(cause <> 'open', false) as is_closed,
  coalesce(sessions_attended, 0) as sessions_attended,
  coalesce(attended_days, 0) as attended_days,
  coalesce(weeks_with_service, 0) as weeks_with_service,
  coalesce(attended_hours, 0) as attended_hours,
  coalesce(attended_hours_upper, 0) as attended_hours_upper,
  coalesce(missing_minutes_sessions, 0) as missing_minutes_sessions,
  coalesce(individual_sessions, 0) as individual_sessions,
  coalesce(family_sessions, 0) as family_sessions,
  case when cost.bases = 1 then cost.amount end as cost_amount,
  case when cost.bases = 1 then cost.basis end as cost_basis,
  coalesce(cost.lines, 0) as cost_lines,
  coalesce(cause <> 'open' and cost.bases = 1, false) as is_cost_complete,
  date_trunc('month', admission_date)::date as admission_month,
  case when cause <> 'open' then date_trunc('month', exit_date)::date end as exit_month
from evaluated
left join cost on cost.episode_id = evaluated.episode_id
window earlier as (
  partition by patient_id, level_of_care order by admission_date, evaluated.episode_id
  rows between unbounded preceding and 1 preceding
)
