/*
title = "Do the ways of leaving differ?"
question = "Do the compared groups leave equally often, in each way?"
formula = "Gray's test that the cumulative incidence of a class of exit is the same in all compared groups, the other classes competing; where asked within strata. One test for each class."
unit = "p-value"
higher_is = "neutral"
statistic = "curve_test"
spec = ["RET-08"]
source = "RET-08; Gray 1988, Annals of Statistics 16:1141"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
notes = "Each class is a test of its own: one in twenty is below 0.05 by chance. Groups of fewer than 22 people, or in which 1–10 left in that way, take no part. A large p is no sign of a difference; it does not show that there is none."
warning = "Groups differ in who is in them: a difference is not an effect of the group."
exclusions = [
  "never_started",
  "starts_after_cut",
  { when = "retention_time.episode_id is null", because = "This definition of the end does not apply to the episode" },
  "outside_dates",
]

[parameters.definition]
type = "text"
default = "exit"
label = "Definition"
choices = ["exit", "first_use_or_lost"]

[parameters.within]
type = "text"
default = "none"
label = "Compared within"
choices = ["none", "site", "program", "track", "payer", "severity", "sex", "age_group"]
*/
-- One row per compared group, stratum, class of exit and day of the exit (or of the end of observation).
with stay as (
  select
    selected_episode.group_name,
    case $within
      when 'site' then site
      when 'program' then program
      when 'track' then track
      when 'payer' then payer
      when 'severity' then severity_band
      when 'sex' then sex
      when 'age_group' then age_group
      else 'everybody'
    end as stratum,
    if($definition = 'exit', exit_group, retention_time.cause) as category,
    retention_time.time_days
  from selected_episode
  join mart.retention_time as retention_time on retention_time.episode_id = selected_episode.episode_id
  where retention_time.definition = $definition
    and selected_episode.day_zero between $date_from and $date_to
)
select
  group_name,
  coalesce(stratum, 'not recorded') as stratum,
  category,
  time_days as step,
  count(*) as events
from stay
group by all
order by all
