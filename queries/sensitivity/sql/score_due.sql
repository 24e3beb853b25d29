-- One row per selected episode and instrument with a first score for which a later one was due or given.
select
  pair.episode_id,
  pair.instrument,
  coalesce(pair.instrument_version, '') as instrument_version,
  pair.baseline_score::double as baseline_score,
  pair.latest_score::double as latest_score
from selected_episode
join mart.score_pair as pair on pair.episode_id = selected_episode.episode_id
where pair.baseline_score is not null
  and (pair.is_due or pair.is_paired)
  and list_contains($instruments, pair.instrument)
  and selected_episode.day_zero between $date_from and $date_to
order by pair.episode_id, pair.instrument
