-- One row per selected episode.
-- What is known of everybody and says who is lost and who gets better: attendance, length of care, kind of exit.
with attended as (
  select
    episode_id,
    sum(shown) as shown,
    sum(shown + partial + no_show + late_cancel) as expected
  from mart.attendance
  group by episode_id
)
select
  selected_episode.episode_id,
  selected_episode.group_name,
  selected_episode.exit_reason,
  coalesce(selected_episode.program, 'not recorded') as program,
  coalesce(selected_episode.age_group, 'not recorded') as age_group,
  selected_episode.severity::double as severity,
  selected_episode.attended_hours::double as attended_hours,
  selected_episode.time_days::double as days_in_care,
  attended.shown::double / nullif(attended.expected, 0) as share_shown
from selected_episode
left join attended on attended.episode_id = selected_episode.episode_id
where selected_episode.is_started
order by selected_episode.episode_id
