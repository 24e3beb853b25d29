-- One row per selected exit in the sample of return to use, with the day at risk on which it was last seen.
select
  after.episode_id,
  after.return_day is not null and after.controlled_day is null as has_event,
  after.controlled_day is not null as is_settled,
  greatest(
    coalesce(after.controlled_day, after.return_day, after.last_known_day) - after.controlled_days,
    0
  )::double as last_seen
from selected_episode
join mart.after_discharge as after on after.episode_id = selected_episode.episode_id
where after.exit_date between $date_from and $date_to
  and selected_episode.program <> 'MH'
  and after.exit_date + $day::integer <= $analysis_cut
order by after.episode_id
