-- One row per episode that ended by the analysis cut in a transfer, or completed with a planned next level of care.
-- Steps between levels of care and whether the next level began.
-- order by: exit_date, episode_id
-- column: direction: Next level of care against this one: down, up or lateral.
-- column: destination: Next level of care.
-- column: exit_date: Day of the exit.
-- column: is_planned_step_down: The next level is a lower one.
-- column: days_to_service: Days from the exit to the person's first attended clinical service at the next level, or for a step down at any lower one, up to the data cut; empty if there was none. (days)
-- column: is_completed: That service came within step_down_window_days.
-- column: has_full_window: The window had ended by the analysis cut.
with level as (
  select level_of_care, height
  from level_heights()
),
stepped as (
  select
    episode_id,
    patient_id,
    discharge_to as destination,
    origin.height,
    exit_date,
    case
      when destination.height < origin.height then 'down'
      when destination.height > origin.height then 'up'
      else 'lateral'
    end as direction,
    -- A lateral step is at the same level: the last service before it does not complete it.
    exit_date + if(direction = 'lateral', 1, 0) as search_from
  from mart.episode
  join level as origin on origin.level_of_care = episode.level_of_care
  join level as destination on destination.level_of_care = episode.discharge_to
  where is_started
    and is_closed
    and discharge_reason in ('completed', 'transferred')
),
service as (
  select distinct session.patient_id, episode.level_of_care, level.height, session.session_date
  from mart.session as session
  join mart.episode as episode on episode.episode_id = session.episode_id
  join level on level.level_of_care = episode.level_of_care
  where session.is_attended
    and session.is_clinical
    and session.patient_id in (select patient_id from stepped)
),
reached as (
  select stepped.episode_id, min(service.session_date) as service_date
  from stepped
  join service
    on service.patient_id = stepped.patient_id
    and service.session_date >= stepped.search_from
    and if(direction = 'down', service.height < stepped.height, service.level_of_care = stepped.destination)
  group by stepped.episode_id
),
followed as (
  select stepped.*, (reached.service_date - stepped.exit_date)::integer as days_to_service
  from stepped left join reached on reached.episode_id = stepped.episode_id
)
select
  episode_id,
  direction,
  destination,
  exit_date,
  direction = 'down' as is_planned_step_down,
  days_to_service,
  coalesce(days_to_service <= $step_down_window_days, false) as is_completed,
  exit_date + $step_down_window_days::integer <= $analysis_cut as has_full_window
from followed
