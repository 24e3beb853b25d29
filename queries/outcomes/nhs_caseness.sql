/*
title = "Caseness at the start (NHS family)"
question = "How many begin as a case of depression or anxiety?"
formula = "Finished courses with a first PHQ-9 of 10 or more or a first GAD-7 of 8 or more, over finished courses with a first score of both."
unit = "share"
higher_is = "neutral"
statistic = "proportion"
spec = ["NHS-TT"]
source = "NHS Talking Therapies; rule [S57], cut-offs [R]"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "Finished course: closed, with two or more attended sessions. Missing n: finished courses without a first score of one or both instruments."
warning = "Over finished courses only: it does not describe everybody admitted."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "still_open",
  "course_not_finished",
  { when = "phq.baseline_score is null or gad.baseline_score is null", because = "No first score of both the PHQ-9 and the GAD-7" },
]
evidence = "first PHQ-9 {printf('%g', phq.baseline_score)}, first GAD-7 {printf('%g', gad.baseline_score)}"
*/
-- One row per compared group.
with course as (
  -- One row per finished course.
  select
    selected_episode.group_name,
    phq.baseline_score is not null and gad.baseline_score is not null as is_scored,
    phq.is_case_at_baseline or gad.is_case_at_baseline as is_case
  from selected_episode
  left join mart.score_pair as phq on phq.episode_id = selected_episode.episode_id and phq.instrument = 'PHQ-9'
  left join mart.score_pair as gad on gad.episode_id = selected_episode.episode_id and gad.instrument = 'GAD-7'
  where selected_episode.is_closed
    and selected_episode.sessions_attended >= 2
    and selected_episode.day_zero between $date_from and $date_to
)
select
  group_name,
  count(*) filter (where is_scored and is_case) as numerator,
  count(*) filter (where is_scored) as denominator,
  count(*) filter (where not is_scored) as missing_n
from course
group by group_name
having count(*) filter (where is_scored) > 0
order by group_name
