/*
title = "Step-down completed"
question = "Of those who left for a lower level of care, how many began it?"
formula = "Exits with a planned lower level of care whose first attended service there came within the step-down window, over all such exits with a full window before the analysis cut-off."
unit = "share"
higher_is = "better"
statistic = "proportion"
spec = ["RET-13"]
source = "RET-13"
reviewed = "not clinically reviewed"
dated_by = "exit"
unit_of_analysis = "episode"
axis = "none"
notes = "Services elsewhere are not seen: the share is a lower bound where step-down care is bought in."
exclusions = [
  "never_started",
  "starts_after_cut",
  "still_open",
  { when = "not coalesce(step.is_planned_step_down, false)", because = "Did not leave for a lower level of care", detail = "Left on {episode.exit_date} ({episode.exit_reason}): not for a lower level of care" },
  "exit_outside_dates",
  { when = "not step.has_full_window", because = "The step-down window had not ended by the analysis cut-off", detail = "Left on {episode.exit_date}: the step-down window had not ended by the analysis cut-off {$analysis_cut}" },
]
evidence = "{if(step.days_to_service is null, 'no service at ' || step.destination, 'first service after ' || step.days_to_service || ' days')}"
*/
-- One row per compared group.
with planned as (
  select selected_episode.group_name, step.is_completed
  from selected_episode
  join mart.step as step on step.episode_id = selected_episode.episode_id
  where step.is_planned_step_down
    and step.has_full_window
    and step.exit_date between $date_from and $date_to
)
select
  group_name,
  count(*) filter (where is_completed) as numerator,
  count(*) as denominator,
  0 as missing_n
from planned
group by group_name
order by group_name
