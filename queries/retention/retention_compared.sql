/*
title = "Do the curves of time in care differ?"
question = "Do the compared groups stay equally long?"
formula = "Log-rank test (or that of Peto and Peto, which looks at early differences) that the Kaplan–Meier curves of all compared groups are one, where asked within strata: people are then compared with those of their own site, program or other class."
unit = "p-value"
higher_is = "neutral"
statistic = "curve_test"
spec = ["RET-10"]
source = "Mantel 1966; Peto and Peto 1972; R's survival::survdiff"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "One test over all groups comes first; pairs are tested on request, adjusted by Holm. Groups of fewer than 22 people, or in which 1–10 left, take no part. A large p is no sign of a difference; it does not show that there is none."
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
choices = ["exit", "last_contact", "gap_28", "last_dose", "first_use_or_lost"]

[parameters.test]
type = "text"
default = "log-rank"
label = "Test"
choices = ["log-rank", "peto"]

[parameters.within]
type = "text"
default = "none"
label = "Compared within"
choices = ["none", "site", "program", "track", "payer", "severity", "sex", "age_group"]

[parameters.pairs]
type = "text"
default = "none"
label = "Pairs"
choices = ["none", "all"]
*/
-- One row per compared group, stratum and day of the end (or of the end of observation).
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
    retention_time.time_days,
    retention_time.cause <> 'open' as is_out
  from selected_episode
  join mart.retention_time as retention_time on retention_time.episode_id = selected_episode.episode_id
  where retention_time.definition = $definition
    and selected_episode.day_zero between $date_from and $date_to
)
select
  group_name,
  coalesce(stratum, 'not recorded') as stratum,
  time_days as step,
  count(*) filter (where is_out) as events,
  count(*) filter (where not is_out) as censored
from stay
group by all
order by all
