/*
title = "Recovery on both instruments (NHS family)"
question = "Of those who began as a case of depression or anxiety, how many are no longer a case of either?"
formula = "Finished courses at caseness on the PHQ-9 (10 or more) or the GAD-7 (8 or more) at first and below both cut-offs at the latest scores, over finished courses at caseness at first."
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
  { when = "not phq.is_case_at_baseline and not gad.is_case_at_baseline", because = "Neither first score reached its cut-off", detail = "First PHQ-9 {printf('%g', phq.baseline_score)} and first GAD-7 {printf('%g', gad.baseline_score)}: neither reached its cut-off" },
]
evidence = "two_scores"

[options]
event = "recovered"
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
  count(*) filter (where is_paired and not is_case_at_latest) as numerator,
  count(*) filter (where is_paired) as observed,
  count(*) as denominator
from course
where is_case_at_baseline
group by group_name
order by group_name
