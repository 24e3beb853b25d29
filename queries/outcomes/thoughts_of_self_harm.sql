/*
title = "Thoughts of self-harm"
question = "How many report thoughts of being better off dead or of hurting themselves?"
formula = "Episodes with an answer above 0 to item 9 of the PHQ-9 on the chosen occasion, over all episodes in which a PHQ-9 was used or expected."
unit = "share"
higher_is = "worse"
statistic = "bounds"
spec = ["OUT-13"]
source = "OUT-13; PHQ-9 item 9"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "Missing n: no answer to the item on that occasion. The first rate counts it as such thoughts; beside it are those who answered and both bounds. Below 60 % only the bounds are given."
warning = "This counts answers long past. An answer above 0 belongs to the safety protocol of the day on which it is given."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  { when = "phq.episode_id is null", because = "The PHQ-9 was neither used nor expected" },
]

[parameters.occasion]
type = "text"
default = "first score"
label = "Occasion"
choices = ["first score", "latest score", "any score in care"]

[options]
event = "had such thoughts"
followed = "answered the item"
higher_is = "worse"
*/
-- One row per compared group.
with in_scope as (
  -- One row per episode that used, or was expected to use, the PHQ-9.
  select selected_episode.group_name, selected_episode.episode_id
  from selected_episode
  join mart.score_pair as pair on pair.episode_id = selected_episode.episode_id
  where pair.instrument = 'PHQ-9'
    and selected_episode.day_zero between $date_from and $date_to
),
answer as (
  -- One row per score in care with an answer to the item.
  select
    score.episode_id,
    score.is_baseline,
    score.is_latest,
    try_cast(string_split(assessments.item_scores, ';')[9] as double) > 0 as is_positive
  from mart.score as score
  join core.assessments as assessments on assessments.assessment_id = score.assessment_id
  where score.instrument = 'PHQ-9'
    and score.timepoint not like 'followup%'
    and score.assessed_date <= $analysis_cut
    and try_cast(string_split(assessments.item_scores, ';')[9] as double) is not null
),
episode as (
  select
    in_scope.group_name,
    in_scope.episode_id,
    bool_or(answer.is_positive) as is_positive
  from in_scope
  left join answer
    on answer.episode_id = in_scope.episode_id
    and case $occasion when 'first score' then answer.is_baseline when 'latest score' then answer.is_latest else true end
  group by in_scope.group_name, in_scope.episode_id
)
select
  group_name,
  '' as category,
  count(*) filter (where is_positive) as numerator,
  count(is_positive) as observed,
  count(*) as denominator
from episode
group by group_name
order by group_name
