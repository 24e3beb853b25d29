-- One row per episode that a living person had left by the analysis cut, except transfers.
-- First admission to the same or a higher level of care after the exit. Where such care begins within same_episode_gap_days of the exit, or began before it and goes on, the exit is a transfer and has no row: its last stay has.
-- order by: exit_date, episode_id
-- column: exit_date: Day of the exit.
-- column: readmission_day: Days from the exit to the first admission to the same or a higher level of care up to the data cut; empty without one. (days)
-- column: readmitted_to: Level of care of that admission.
-- column: death_day: Days from the exit to a death in a later stay up to the data cut; empty without one. Deaths outside care are not in the data. (days)
with level as (
  select level_of_care, height
  from level_heights()
),
stay as (
  select
    episode.episode_id,
    episode.patient_id,
    episode.level_of_care,
    level.height,
    episode.admission_date,
    coalesce(episode.exit_date, episode.discharge_date) as exit_date,
    episode.exit_class,
    episode.is_closed,
    -- An outpatient admission to which nobody came is no admission; a bed is.
    episode.day_zero is not null or episode.level_of_care in ('residential', 'withdrawal', 'inpatient') as is_begun
  from mart.episode as episode
  join level on level.level_of_care = episode.level_of_care
),
left_care as (
  select episode_id, patient_id, height, exit_date
  from stay
  where is_closed
    and exit_class <> 'died'
),
later as (
  select
    left_care.episode_id,
    stay.level_of_care,
    (stay.admission_date - left_care.exit_date)::integer as day
  from left_care
  join stay
    on stay.patient_id = left_care.patient_id
    and stay.episode_id <> left_care.episode_id
    and stay.height >= left_care.height
    and coalesce(stay.exit_date > left_care.exit_date, true)
    and stay.is_begun
),
admitted as (
  select episode_id, min(day) as day, min_by(level_of_care, day) as level_of_care
  from later
  group by episode_id
),
died as (
  select left_care.episode_id, min(stay.exit_date - left_care.exit_date)::integer as day
  from left_care
  join stay
    on stay.patient_id = left_care.patient_id
    and stay.exit_class = 'died'
    and stay.exit_date > left_care.exit_date
  group by left_care.episode_id
)
select
  left_care.episode_id,
  left_care.exit_date,
  admitted.day as readmission_day,
  admitted.level_of_care as readmitted_to,
  died.day as death_day
from left_care
left join admitted on admitted.episode_id = left_care.episode_id
left join died on died.episode_id = left_care.episode_id
where coalesce(admitted.day > $same_episode_gap_days, true)
