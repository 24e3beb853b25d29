/*
title = "Time in care"
question = "How long do people stay?"
formula = "Kaplan–Meier probability that the end has not come, by day, with its log-log (or plain) interval; the definition says what the end is. The median is the first day on which half or fewer remain; where exactly half remain for a while, the middle of that time, as in R. Its interval ends where those of the curve cross one half."
unit = "share"
higher_is = "better"
statistic = "survival"
spec = ["RET-10"]
source = "RET-10; decision 7 on named definitions"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "step"
warning = "Any exit ends the time in care, completion too: one less this curve is not the share that dropped out."
exclusions = [
  "never_started",
  "starts_after_cut",
  { when = "retention_time.episode_id is null", because = "This definition of the end does not apply to the episode" },
  "outside_dates",
]

[parameters.definition]

[parameters.interval]
type = "text"
default = "log-log"
label = "Interval"
choices = ["log-log", "plain"]

[options]
every = 15
remains = "still in care"
median = true
*/
-- One row per compared group and day of the end (or of the end of observation).
with stay as (
  select
    selected_episode.group_name,
    retention_time.time_days,
    retention_time.cause <> 'open' as is_out
  from selected_episode
  join mart.retention_time as retention_time on retention_time.episode_id = selected_episode.episode_id
  where retention_time.definition = $definition
    and selected_episode.day_zero between $date_from and $date_to
)
select
  group_name,
  time_days as step,
  count(*) filter (where is_out) as events,
  count(*) filter (where not is_out) as censored
from stay
group by group_name, time_days
order by group_name, time_days
