/*
title = "Satisfaction"
question = "How content are people with their care?"
formula = "Mean of the latest answered survey of the scale in each episode."
unit = "points"
higher_is = "better"
statistic = "mean_change"
spec = ["10 satisfaction"]
source = "Decisions, last paragraph: satisfaction; t interval"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "CSQ-8: 8 to 32 points. Missing n: the survey was handed out and not answered."
warning = "Of those who answered. Who leaves early is less content and answers less: look at the share that answered first."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  { when = """not exists (
      select 1 from core.satisfaction as survey join mart.episode_part as part on part.part_id = survey.episode_id
      where part.episode_id = episode.episode_id and survey.scale = $scale and survey.asked_date <= $analysis_cut
    )""", because = "No survey of this scale was handed out by the analysis cut-off" },
  { when = """not exists (
      select 1 from core.satisfaction as survey join mart.episode_part as part on part.part_id = survey.episode_id
      where part.episode_id = episode.episode_id and survey.scale = $scale and survey.asked_date <= $analysis_cut and survey.score is not null
    )""", because = "The survey was handed out and not answered" },
]

[parameters.scale]

[options]
of_points = true
*/
-- One row per compared group.
select
  group_name,
  '' as category,
  count(score) as n,
  coalesce(sum(score), 0) as sum_x,
  coalesce(sum(score * score), 0) as sum_xx,
  count(*) filter (where score is null) as missing_n
from surveyed
group by group_name
having count(score) > 0
order by group_name
