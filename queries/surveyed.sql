-- One row per episode in which the survey of satisfaction was handed out: its latest score; empty where none was given.
select
  selected_episode.group_name,
  selected_episode.episode_id,
  max_by(satisfaction.score, (satisfaction.asked_date, satisfaction.survey_id)) filter (where score is not null) as score
from selected_episode
join mart.episode_part as part on part.episode_id = selected_episode.episode_id
join core.satisfaction as satisfaction on satisfaction.episode_id = part.part_id
where satisfaction.scale = $scale
  and satisfaction.asked_date <= $analysis_cut
  and selected_episode.is_started
  and selected_episode.day_zero between $date_from and $date_to
group by selected_episode.group_name, selected_episode.episode_id
