/*
title = "Score by week of care"
question = "How do scores move week by week?"
formula = "Mean score by week of care, each person's last score of the week; week 0 is the baseline."
unit = "points"
higher_is = "neutral"
statistic = "mean_change"
spec = ["OUT-01"]
source = "OUT-01; t interval in each week"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "step"
notes = "Missing n: in care in that week without a score in it; in week 0, without a baseline; where several versions were used, without a score of that version. Scores after the exit are left out. A fall is better except for BAM-Protective and WHO-5."
warning = "Later weeks hold only those who stayed: a falling line can come from people leaving. Read it with its n."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "not_used",
  "no_score_in_care",
]

[parameters.instrument]

[options]
nested_steps = ["denominator", "missing_n"]
*/
-- One row per compared group, week of care, and version of the instrument where several were used.
with in_scope as (
  -- One row per started episode that used, or was expected to use, the instrument.
  select
    selected_episode.group_name,
    selected_episode.episode_id,
    selected_episode.time_days
  from selected_episode
  join mart.score_pair as pair on pair.episode_id = selected_episode.episode_id
  where pair.instrument = $instrument
    and selected_episode.day_zero between $date_from and $date_to
),
weekly as (
  -- One row per episode, week and version: the last score of the week.
  select
    in_scope.group_name,
    coalesce(score.instrument_version, 'version not recorded') as version,
    if(score.is_baseline, 0, greatest(score.week_of_care, 1)) as week,
    max_by(score.score, (score.assessed_date, score.score)) as score
  from in_scope
  join mart.score as score on score.episode_id = in_scope.episode_id
  where score.instrument = $instrument
    and (score.is_baseline or score.day_of_care between 0 and in_scope.time_days)
    and score.assessed_date <= $analysis_cut
  group by in_scope.group_name, version, week, score.episode_id
),
versions as (
  select count(distinct version) > 1 as are_several
  from weekly
),
scored as (
  select
    group_name,
    case when are_several then version else '' end as category,
    week as step,
    count(*) as n,
    sum(score) as sum_x,
    sum(score * score) as sum_xx
  from weekly
  cross join versions
  group by group_name, category, step
),
stay as (
  -- One row per group and last week of care.
  select
    group_name,
    time_days // 7 + 1 as last_week,
    count(*) as episodes
  from in_scope
  group by group_name, last_week
),
in_care as (
  select
    scored.group_name,
    scored.category,
    scored.step,
    sum(stay.episodes) as episodes
  from scored
  join stay on stay.group_name = scored.group_name and stay.last_week >= scored.step
  group by scored.group_name, scored.category, scored.step
)
select
  scored.group_name,
  scored.category,
  scored.step,
  scored.n,
  scored.sum_x,
  scored.sum_xx,
  greatest(coalesce(in_care.episodes, 0) - scored.n, 0) as missing_n
from scored
left join in_care
  on in_care.group_name = scored.group_name
  and in_care.category = scored.category
  and in_care.step = scored.step
order by scored.group_name, scored.category, scored.step
