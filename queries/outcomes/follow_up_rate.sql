/*
title = "Follow-up rate"
question = "Of those due for a second score, how many have one?"
formula = "Episodes with a baseline and a later score, over all episodes with a baseline and a follow-up due."
unit = "share"
higher_is = "better"
statistic = "proportion"
spec = ["OUT-10"]
source = "OUT-10; SAMHSA asks for 80 %, and below 60 % outcomes are shown as bounds only"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
notes = "Read this before any outcome: people who leave are the ones without a second score. Missing n: no baseline, so never in the denominator."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "not_used",
  "no_first_score",
  "not_due",
]
evidence = "scores"

[parameters.instrument]

[parameters.split]
type = "text"
default = "none"
label = "Split by"
choices = ["none", "exit_class"]
*/
-- One row per compared group, and per class of exit where they are split.
with pair as (
  -- One row per episode that used, or was expected to use, the instrument.
  select
    selected_episode.group_name,
    case when $split = 'none' then '' when is_closed then exit_reason else 'in care' end as category,
    score_pair.baseline_score,
    score_pair.is_due,
    score_pair.is_paired
  from selected_episode
  join mart.score_pair as score_pair on score_pair.episode_id = selected_episode.episode_id
  where score_pair.instrument = $instrument
    and selected_episode.day_zero between $date_from and $date_to
)
select
  group_name,
  category,
  count(*) filter (where is_due and is_paired) as numerator,
  count(*) filter (where is_due) as denominator,
  count(*) filter (where baseline_score is null) as missing_n
from pair
group by group_name, category
having count(*) filter (where is_due) > 0
order by group_name, category
