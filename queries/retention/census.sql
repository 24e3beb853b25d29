/*
title = "Census"
question = "How many episodes are open at the start of each week?"
formula = "Episodes whose day 0 is on or before the Monday and whose exit comes after it."
unit = "count"
higher_is = "neutral"
statistic = "counts"
spec = ["RET-08"]
source = "Flow of the program"
reviewed = "not clinically reviewed"
dated_by = "week"
unit_of_analysis = "episode"
axis = "period"
exclusions = [
  "never_started",
  "starts_after_cut",
  { when = "greatest(date_trunc('week', episode.day_zero + 6), date_trunc('week', $date_from::date + 6)) > least(if(episode.is_closed, date_trunc('week', episode.exit_date + 6) - interval 7 day, date_trunc('week', $analysis_cut::date)), $date_to)", because = "Not in care on a Monday of the chosen dates", detail = "In care from {episode.day_zero} to {if(episode.is_closed, episode.exit_date, $analysis_cut)}: on no Monday of the chosen dates" },
]

[options]
is_stock = true
*/
-- One row per compared group and Monday.
with stay as (
  -- The first Monday on which the episode is counted, and the first on which it no longer is.
  select
    group_name,
    date_trunc('week', day_zero + 6)::date as first_monday,
    if(is_closed, date_trunc('week', exit_date + 6)::date, null) as after_monday
  from selected_episode
  where is_started
),
change as (
  select group_name, first_monday as period, count(*) as step
  from stay
  group by group_name, first_monday
  union all
  select group_name, after_monday as period, -count(*) as step
  from stay
  where after_monday is not null
  group by group_name, after_monday
),
week as (
  select unnest(generate_series(min(first_monday), date_trunc('week', $analysis_cut::date)::date, interval 7 day))::date
    as period
  from stay
),
compared as (
  -- With the weeks to which the explanation of a single episode keeps.
  select
    group_name,
    min(first_monday) as first_monday,
    max(coalesce(after_monday, date_trunc('week', $analysis_cut::date)::date)) as last_monday
  from stay
  group by group_name
),
census as (
  select
    compared.group_name,
    week.period,
    sum(sum(coalesce(change.step, 0))) over (partition by compared.group_name order by week.period)::bigint as count
  from compared
  join week
    on $by is distinct from 'each'
    or week.period between compared.first_monday and compared.last_monday
  left join change on change.group_name = compared.group_name and change.period = week.period
  group by compared.group_name, week.period
)
select group_name, period, count
from census
where period between $date_from and $date_to
order by group_name, period
