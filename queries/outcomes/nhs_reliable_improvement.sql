/*
title = "Reliable improvement on either instrument (NHS family)"
question = "How many improved reliably on the PHQ-9 or the GAD-7, and became reliably worse on neither?"
formula = "Finished courses with a reliable fall of the PHQ-9 (6 points) or the GAD-7 (4 points), or both, and a reliable rise of neither, over all finished courses."
unit = "share"
higher_is = "better"
statistic = "bounds"
spec = ["NHS-TT"]
source = "NHS Talking Therapies [S57][S58][S59]; cut-offs and thresholds [R]"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "{finished_course} {both_scores} Below 60 % follow-up only the bounds are given. Thresholds stand in the instrument table with their sources."
warning = "{finished_courses_only} Change during treatment is not an effect of treatment."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "still_open",
  "course_not_finished",
  { when = "phq.baseline_score is null or gad.baseline_score is null", because = "No first score of both the PHQ-9 and the GAD-7" },
]
evidence = "two_scores"

[options]
event = "improved"
*/
-- One row per compared group.
with course as (
  -- One row per finished course with a first score of both instruments.
  select
    selected_episode.group_name,
    phq.is_paired and gad.is_paired as is_paired,
    phq.is_case_at_baseline or gad.is_case_at_baseline as is_case_at_baseline,
    phq.is_case_at_latest or gad.is_case_at_latest as is_case_at_latest,
    phq.is_reliably_improved or gad.is_reliably_improved as has_improved,
    phq.is_reliably_deteriorated or gad.is_reliably_deteriorated as has_deteriorated
  from selected_episode
  join mart.score_pair as phq on phq.episode_id = selected_episode.episode_id and phq.instrument = 'PHQ-9'
  join mart.score_pair as gad on gad.episode_id = selected_episode.episode_id and gad.instrument = 'GAD-7'
  where phq.baseline_score is not null
    and gad.baseline_score is not null
    and selected_episode.is_closed
    and selected_episode.sessions_attended >= 2
    and selected_episode.day_zero between $date_from and $date_to
)
select
  group_name,
  '' as category,
  count(*) filter (where is_paired and has_improved and not has_deteriorated) as numerator,
  count(*) filter (where is_paired) as observed,
  count(*) as denominator
from course
group by group_name
order by group_name
