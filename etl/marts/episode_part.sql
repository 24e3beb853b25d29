-- One row per episode of the export.
-- Which episode of mart.episode each exported one belongs to: a restart within same_episode_gap_days at the same level of care continues the episode.
-- column: part_id: Key of the episode as it was exported.
-- column: episode_id: Key of the episode that it belongs to: that of its first part.
-- column: part: Number of the part within the episode; 1 for the first.
-- column: parts: Parts that the episode has; 1 unless there was a restart. (parts)
with repeated as (
  -- Only people with several episodes at one level of care can have a restart.
  select episode_id, patient_id, level_of_care, admission_date, discharge_date, discharge_reason
  from core.episodes
  qualify count(*) over (partition by patient_id, level_of_care) > 1
),
last_service as (
  select episode_id, max(session_date) as last_attended_date
  from core.sessions
  where status = 'attended'
    and is_clinical_service(service_type)
    and session_date <= $data_cut
    and episode_id in (select episode_id from repeated)
  group by episode_id
),
exited as (
  select
    repeated.*,
    case
      when is_exit_at_discharge(discharge_reason) then discharge_date
      else coalesce(last_attended_date, admission_date)
    end as exit_date
  from repeated left join last_service using (episode_id)
),
stay as (
  select
    *,
    coalesce(admission_date > max(exit_date) over earlier + $same_episode_gap_days, true) as is_new
  from exited
  window earlier as (
    partition by patient_id, level_of_care order by admission_date, episode_id
    rows between unbounded preceding and 1 preceding
  )
),
numbered as (
  select *, count(*) filter (where is_new) over so_far as stay
  from stay
  window so_far as (
    partition by patient_id, level_of_care order by admission_date, episode_id
    rows between unbounded preceding and current row
  )
),
joined as (
  select
    episode_id as part_id,
    first_value(episode_id) over parts as first_id,
    row_number() over parts as part,
    count(*) over (partition by patient_id, level_of_care, stay) as parts
  from numbered
  window parts as (partition by patient_id, level_of_care, stay order by admission_date, episode_id)
)
select
  episodes.episode_id as part_id,
  coalesce(joined.first_id, episodes.episode_id) as episode_id,
  coalesce(joined.part, 1) as part,
  coalesce(joined.parts, 1) as parts
from core.episodes as episodes
left join joined on joined.part_id = episodes.episode_id
