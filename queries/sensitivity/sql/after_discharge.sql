-- One row per episode that is completed.
-- mart.after_discharge with what the frame ``completed`` says became of those who were lost before the day.
select
  after.* replace (
    case when completed.is_lost and completed.has_event then after.last_known_day else after.return_day end as return_day,
    case
      when completed.is_lost and not completed.has_event then $day::integer + after.controlled_days
      else after.last_known_day
    end as last_known_day
  )
from completed
join mart.after_discharge as after on after.episode_id = completed.episode_id
