/*
title = "Return to use after discharge"
question = "How many returned to use after they left?"
formula = "One less the Kaplan–Meier probability of no recorded use, positive urine or substance-use admission by the day after the exit, censored when last seen; the bounds count everybody lost before the day as no use and as use."
unit = "share"
higher_is = "worse"
statistic = "incidence_by_day"
spec = ["RLP-9"]
source = "RLP-9; decision 17"
reviewed = "not clinically reviewed"
dated_by = "exit"
unit_of_analysis = "episode"
axis = "none"
notes = "Exits that were at least that many days before the analysis cut-off; deaths at exit and mental-health programs, which do not follow use, are left out. Days in a controlled environment are taken off everybody's time, or, by the rule controlled_environment, compete with the return. Missing n: last seen before the day; those with a result are the others. Below 60 % only the bounds are given."
warning = "Being lost is hardly independent of use: read the bounds. Whoever returns to use in the first days can no longer complete a step down, so that split favours step-down."
exclusions = [
  "never_started",
  "starts_after_cut",
  "mental_health_program",
  "still_open",
  { when = "episode.exit_class = 'died'", because = "Died at the exit" },
  "exit_outside_dates",
  { when = "episode.exit_date + $day > $analysis_cut", because = "Left less than {$day} days before the analysis cut-off", detail = "Left on {episode.exit_date}, less than {$day} days before the analysis cut-off {$analysis_cut}" },
]
evidence = "left on {episode.exit_date}"

[parameters.day]
shared = "day_after_exit"

[parameters.split]
type = "text"
default = "none"
label = "Split by"
choices = ["none", "exit_class", "step_down"]

[options]
event = "returned to use"
followed = "were followed to the day or returned to use before it"
higher_is = "worse"
*/
-- One row per compared group, part, and day at risk of the first use (or of the last day seen) after the exit.
with discharged as (
  select
    selected_episode.group_name,
    case $split
      when 'exit_class' then replace(after.exit_class, '_', ' ')
      when 'step_down' then if(after.is_step_down_completed, 'step-down completed', 'no completed step-down')
      else ''
    end as category,
    after.controlled_day is not null as is_controlled,
    after.return_day is not null and not is_controlled as is_return,
    greatest(
      coalesce(after.controlled_day, after.return_day, after.last_known_day) - after.controlled_days,
      0
    ) as day
  from selected_episode
  join mart.after_discharge as after on after.episode_id = selected_episode.episode_id
  where after.exit_date between $date_from and $date_to
    and selected_episode.program <> 'MH'
    and after.exit_date + $day <= $analysis_cut
)
select
  group_name,
  category,
  day as step,
  count(*) filter (where is_return) as events,
  count(*) filter (where is_controlled) as competing,
  count(*) filter (where not is_return and not is_controlled) as censored
from discharged
group by group_name, category, day
order by group_name, category, day
