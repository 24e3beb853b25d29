-- One row per stay whose end is compared, with the stratum within which it is.
select
  selected_episode.group_name,
  coalesce(
    case $within
      when 'site' then site
      when 'program' then program
      when 'track' then track
      when 'payer' then payer
      when 'severity' then severity_band
      when 'sex' then sex
      when 'age_group' then age_group
      else 'everybody'
    end,
    'not recorded'
  ) as stratum,
  retention_time.cause,
  if($definition = 'exit', exit_group, retention_time.cause) as exit_class,
  retention_time.time_days
from selected_episode
join mart.retention_time as retention_time on retention_time.episode_id = selected_episode.episode_id
where retention_time.definition = $definition
  and selected_episode.day_zero between $date_from and $date_to
