/*
title = "Abstinent in the past month at follow-up"
question = "At follow-up, how many report no use in the past month?"
formula = "Episodes whose report at follow-up, over a month (28 to 31 days), has 0 days of use, over all exits whose time of follow-up had passed by the analysis cut-off."
unit = "share"
higher_is = "better"
statistic = "bounds"
spec = ["ABS-4"]
source = "ABS-4; of the kind of SAMHSA's national outcome measures [S65]"
reviewed = "not clinically reviewed"
dated_by = "exit"
unit_of_analysis = "episode"
axis = "none"
notes = "Follow-up is the first usable report 23 to 60, 76 to 120 or 150 to 240 days after the exit. Deaths at exit and mental-health programs, which do not follow use, are left out. Missing n: no report then, or too few days known outside a controlled environment. The first rate counts missing as not abstinent; below 60 % follow-up only the bounds are given. SAMHSA asks for 80 %."
warning = "Self-report. SAMHSA counts its months from admission, here they count from the exit. Past-month abstinence is not abstinence since discharge."
exclusions = [
  "never_started",
  "starts_after_cut",
  "mental_health_program",
  "still_open",
  { when = "episode.exit_class = 'died'", because = "Died at the exit" },
  "exit_outside_dates",
  { when = "episode.exit_date + case $day when 30 then 60 when 90 then 120 else 240 end > $analysis_cut", because = "The time of follow-up had not passed by the analysis cut-off", detail = "Left on {episode.exit_date}: the time of follow-up runs to {episode.exit_date + case $day when 30 then 60 when 90 then 120 else 240 end}, past the analysis cut-off {$analysis_cut}" },
]
evidence = "left on {episode.exit_date}"

[parameters.day]
shared = "day_after_exit"

[options]
event = "were abstinent"
followed = "have a report at follow-up"
*/
-- One row per compared group.
with exited as (
  -- One row per exit whose time of follow-up has passed.
  select
    group_name,
    episode_id,
    exit_date + case $day when 30 then 23 when 90 then 76 else 150 end as first_day,
    exit_date + case $day when 30 then 60 when 90 then 120 else 240 end as last_day
  from selected_episode
  where is_closed
    and program <> 'MH'
    and exit_class <> 'died'
    and exit_date between $date_from and $date_to
),
followed as (
  select
    exited.group_name,
    exited.episode_id,
    min_by(abstinence.days_used, (abstinence.event_date, abstinence.days_used)) as days_used
  from exited
  left join mart.abstinence as abstinence
    on abstinence.episode_id = exited.episode_id
    and abstinence.event_date between exited.first_day and exited.last_day
    and abstinence.window_days between 28 and 31
    and abstinence.is_usable
  where exited.last_day <= $analysis_cut
  group by exited.group_name, exited.episode_id
)
select
  group_name,
  '' as category,
  count(*) filter (where days_used = 0) as numerator,
  count(days_used) as observed,
  count(*) as denominator
from followed
group by group_name
order by group_name
