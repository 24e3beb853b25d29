-- One row per episode that a living person had left by the analysis cut.
-- First return to use after the exit, from any source, and how long the person was followed.
-- order by: exit_date, episode_id
-- column: episode_id: Episode that was left.
-- column: exit_date: Day of the exit.
-- column: exit_class: Class of the exit, as in mart.episode; no-contact dropouts without a discharge are dropped_out.
-- column: is_step_down_completed: An attended service at the lower level within the step-down window.
-- column: return_day: Days from the exit to the first recorded use, positive urine test or substance-use admission; empty without one. (days)
-- column: return_source: Where the first return is recorded: report, urine or admission.
-- column: last_known_day: Days from the exit to the last day with any information; 0 if there is none after it. (days)
-- column: controlled_days: Reported days in a controlled environment after the exit and up to the return; 0 where the rule does not subtract them. (days)
-- column: controlled_day: Days from the exit to the first day in a controlled environment before any return, where the rule lets these compete: 0 after an exit to jail, else as if they ran up to the report; empty otherwise. (days)
with level as (
  select level_of_care, height
  from level_heights()
),
left_care as (
  select
    episode.episode_id,
    patient_id,
    exit_date,
    case when exit_class = 'open' then 'dropped_out' else exit_class end as exit_class,
    discharge_to,
    level.height
  from mart.episode as episode
  left join level using (level_of_care)
  where is_closed
    and exit_class <> 'died'
    and exit_date <= $analysis_cut
),
report as (
  select
    left_care.episode_id,
    event_date - exit_date as day,
    window_days,
    -- Of a window that began in care, only more days of use than it had days in care are surely after the exit.
    substance <> 'none'
      and coalesce(days_used, 1) > greatest(0, exit_date - (event_date - coalesce(window_days, 1))) as is_use,
    least(coalesce(controlled_environment_days, 0), day) as controlled_days
  from core.use_events as use_events
  join left_care on left_care.patient_id = use_events.patient_id and use_events.event_date > left_care.exit_date
),
specimen as (
  select left_care.episode_id, specimen_date - exit_date as day, is_positive
  from mart.urine as urine
  join left_care on left_care.patient_id = urine.patient_id and urine.specimen_date > left_care.exit_date
  where urine.substance = 'any'
    and urine.is_collected
),
admission as (
  -- A transfer to the planned next level is not a return; nor is a restart within a day.
  select left_care.episode_id, min(later.admission_date - left_care.exit_date) as day
  from left_care
  join mart.episode as later
    on later.patient_id = left_care.patient_id
    and later.admission_date > left_care.exit_date + $same_episode_gap_days
  join level on level.level_of_care = later.level_of_care and level.height >= left_care.height
  where later.program in ('SUD', 'COD')
    and not (
      later.level_of_care is not distinct from left_care.discharge_to
      and later.admission_date <= left_care.exit_date + $step_down_window_days
    )
  group by left_care.episode_id
),
returned as (
  select episode_id, day, 'report' as source from report where is_use
  union all
  select episode_id, day, 'urine' from specimen where is_positive
  union all
  select episode_id, day, 'admission' from admission
),
first_return as (
  select episode_id, min(day) as day, min_by(source, (day, source)) as source
  from returned
  group by episode_id
),
service as (
  select episode.patient_id, max(session.session_date) as last_date
  from mart.session as session
  join mart.episode as episode using (episode_id)
  where session.is_attended
  group by episode.patient_id
),
scored as (
  select patient_id, max(assessed_date) as last_date
  from core.assessments
  where score is not null
  group by patient_id
),
heard as (
  select episode_id, max(day) as day from report group by episode_id
  union all
  select episode_id, max(day) from specimen group by episode_id
  union all
  select episode_id, max(day) from admission group by episode_id
  union all
  select episode_id, service.last_date - exit_date from left_care join service using (patient_id)
  union all
  select episode_id, scored.last_date - exit_date from left_care join scored using (patient_id)
),
known as (
  select episode_id, greatest(max(day), 0) as day from heard group by episode_id
),
confined as (
  select
    left_care.episode_id,
    min(if(exit_class = 'incarcerated', 0, report.day - report.controlled_days)) as day
  from left_care
  left join report on report.episode_id = left_care.episode_id and report.controlled_days > 0
  where $controlled_environment = 'compete'
    and (exit_class = 'incarcerated' or report.episode_id is not null)
  group by left_care.episode_id
),
controlled as (
  -- Rows of one window, by substance, repeat its days; days after the return are no exposure.
  select episode_id, sum(controlled_days) as days
  from (
    select report.episode_id, report.day, report.window_days, max(report.controlled_days) as controlled_days
    from report
    left join first_return on first_return.episode_id = report.episode_id
    where report.day <= coalesce(first_return.day, report.day)
    group by report.episode_id, report.day, report.window_days
  ) as reported_window
  group by episode_id
),
stepped as (
  select episode_id, bool_or(is_completed) as is_completed from mart.step where direction = 'down' group by episode_id
)
select
  left_care.episode_id,
  left_care.exit_date,
  left_care.exit_class,
  coalesce(stepped.is_completed, false) as is_step_down_completed,
  first_return.day::integer as return_day,
  first_return.source as return_source,
  coalesce(known.day, 0)::integer as last_known_day,
  case when $controlled_environment = 'subtract' then coalesce(controlled.days, 0) else 0 end::integer as controlled_days,
  case when confined.day < coalesce(first_return.day, confined.day + 1) then confined.day end::integer as controlled_day
from left_care
left join first_return on first_return.episode_id = left_care.episode_id
left join known on known.episode_id = left_care.episode_id
left join controlled on controlled.episode_id = left_care.episode_id
left join confined on confined.episode_id = left_care.episode_id
left join stepped on stepped.episode_id = left_care.episode_id
