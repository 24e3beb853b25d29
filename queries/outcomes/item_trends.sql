/*
title = "Items by week of care"
question = "Which symptoms move, and which do not?"
formula = "Mean score of each item (0 to 3) by week of care, each person's last score of the week; week 0 is the baseline."
unit = "points"
higher_is = "worse"
statistic = "mean_change"
spec = ["OUT-13"]
source = "OUT-13; t interval in each week"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "step"
notes = "Scores with an answer to every item, so that all items of a week have one n. Missing n: scores of that week without them. Scores after the exit are left out. Items are described, not tested: they are less reliable than the total."
warning = "Later weeks hold only those who stayed. An answer above 0 to the item on self-harm is for the safety protocol of that day, not for a chart."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "no_score_in_care",
  { when = "coalesce(items.complete, 0) = 0", because = "No {$instrument} in care with an answer to every item" },
]

[parameters.instrument]
shared = "phq_or_gad"

[options]
of_points = true
*/
-- One row per compared group, item and week of care.
with item (instrument, number, label) as (
  values
    ('PHQ-9', 1, 'interest'), ('PHQ-9', 2, 'low mood'), ('PHQ-9', 3, 'sleep'), ('PHQ-9', 4, 'energy'),
    ('PHQ-9', 5, 'appetite'), ('PHQ-9', 6, 'self-worth'), ('PHQ-9', 7, 'concentration'),
    ('PHQ-9', 8, 'slowed or restless'), ('PHQ-9', 9, 'self-harm'),
    ('GAD-7', 1, 'nervous'), ('GAD-7', 2, 'cannot stop worrying'), ('GAD-7', 3, 'worries too much'),
    ('GAD-7', 4, 'cannot relax'), ('GAD-7', 5, 'restless'), ('GAD-7', 6, 'irritable'), ('GAD-7', 7, 'afraid')
),
weekly as (
  -- One row per episode and week: the answers of the last score of the week.
  select
    selected_episode.group_name,
    if(score.is_baseline, 0, greatest(score.week_of_care, 1)) as week,
    max_by(
      string_split(coalesce(assessments.item_scores, ''), ';'), (score.assessed_date, score.score, score.assessment_id)
    ) as answers
  from selected_episode
  join mart.score as score on score.episode_id = selected_episode.episode_id
  join core.assessments as assessments on assessments.assessment_id = score.assessment_id
  where score.instrument = $instrument
    and selected_episode.is_started
    and (score.is_baseline or score.day_of_care between 0 and selected_episode.time_days)
    and score.assessed_date <= $analysis_cut
    and selected_episode.day_zero between $date_from and $date_to
  group by selected_episode.group_name, week, score.episode_id
),
answered as (
  -- One row per episode, week and item; no answer counts where one of them is missing.
  select
    weekly.group_name,
    weekly.week,
    item.number,
    item.label,
    case
      when len(list_filter(answers, lambda answer: try_cast(answer as double) is not null))
        = (select count(*) from item where item.instrument = $instrument)
      then try_cast(answers[item.number] as double)
    end as answer
  from weekly
  join item on item.instrument = $instrument
)
select
  group_name,
  number || ' ' || label as category,
  week as step,
  count(answer) as n,
  coalesce(sum(answer), 0) as sum_x,
  coalesce(sum(answer * answer), 0) as sum_xx,
  count(*) filter (where answer is null) as missing_n
from answered
group by group_name, number, label, week
having count(answer) > 0
order by group_name, number, week
