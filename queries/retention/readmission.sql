/*
title = "Readmitted within 30, 90 or 180 days"
question = "How many of those who left come back to the same or a higher level of care?"
formula = "Aalen–Johansen cumulative incidence, by the day after the exit, of an admission to the same or a higher level of care, death competing; of all who left alive and whose window ended by the analysis cut-off."
unit = "share"
higher_is = "worse"
statistic = "competing"
spec = ["RET-15"]
source = "RET-15"
reviewed = "not clinically reviewed"
dated_by = "exit"
unit_of_analysis = "episode"
axis = "none"
notes = "An admission within one day of the exit, or care at such a level that goes on, is a transfer: the exit is not counted, that of the last stay is. Admissions elsewhere and deaths outside care are not seen. Nobody is missing: only full windows count."
warning = "More follow-up care goes with more readmission, since it is given to those at higher risk (confounding by indication)."
exclusions = [
  "never_started",
  "starts_after_cut",
  "still_open",
  { when = "episode.exit_class = 'died'", because = "Died in care", detail = "Died in care on {episode.exit_date}" },
  { when = "readmission.episode_id is null", because = "A transfer: the same or a higher level of care went on or began within a day", detail = "Left on {episode.exit_date} by transfer: the same or a higher level of care went on or began within a day" },
  "exit_outside_dates",
  { when = "episode.exit_date + $day > $analysis_cut", because = "Left less than {$day} days before the analysis cut-off", detail = "Left on {episode.exit_date}, less than {$day} days before the analysis cut-off {$analysis_cut}" },
]

[parameters.day]
type = "integer"
default = 30
label = "Days after the exit"
choices = [30, 90, 180]

[options]
only = "readmitted"
causes = ["readmitted", "died"]
*/
-- One row per compared group, event and its day; without an event in the window, the day after it.
with followed as (
  select
    selected_episode.group_name,
    readmission_day,
    death_day,
    least(readmission_day, death_day) as event_day
  from selected_episode
  join mart.readmission as readmission on readmission.episode_id = selected_episode.episode_id
  where readmission.exit_date between $date_from and $date_to
    and readmission.exit_date + $day <= $analysis_cut
)
select
  group_name,
  case when event_day > $day or event_day is null then 'open' when readmission_day = event_day then 'readmitted' else 'died' end
    as category,
  case when event_day <= $day then event_day else $day + 1 end as step,
  count(*) as events
from followed
group by group_name, category, step
order by group_name, category, step
