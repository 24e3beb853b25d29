/*
title = "Surveys of satisfaction answered"
question = "Of the surveys that were handed out, how many were answered?"
formula = "Episodes with an answered survey of the scale, over episodes in which it was handed out."
unit = "share"
higher_is = "better"
statistic = "proportion"
spec = ["10 satisfaction"]
source = "Decisions, last paragraph: satisfaction"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "Read it before the scores. Missing n: none, since a survey that was not exported was not handed out."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  { when = """not exists (
      select 1 from core.satisfaction as survey join mart.episode_part as part on part.part_id = survey.episode_id
      where part.episode_id = episode.episode_id and survey.scale = $scale and survey.asked_date <= $analysis_cut
    )""", because = "No survey of this scale was handed out by the analysis cut-off" },
]

[parameters.scale]
*/
-- One row per compared group.
select
  group_name,
  '' as category,
  count(*) filter (where score is not null) as numerator,
  count(*) as denominator,
  0 as missing_n
from surveyed
group by group_name
order by group_name
