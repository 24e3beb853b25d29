/*
title = "Weeks by band of hours"
question = "How many weeks are under, within and over the hours of intensive outpatient care?"
formula = "Eligible patient-weeks with under 9, 9 to under 20, and 20 or more attended clinical hours, over all eligible patient-weeks."
unit = "share"
higher_is = "neutral"
statistic = "cluster_ratio"
spec = ["INT-04"]
source = "INT-04, decision 10; the upper edge of ASAM's 4th edition is to be verified"
reviewed = "not clinically reviewed"
dated_by = "week"
unit_of_analysis = "patient-week"
axis = "category"
partition = true
notes = "The three shares sum to one. 20 hours or more are a sign of partial hospitalization. For adolescents the lower edge of intensive outpatient care is 6 hours: see the weeks on target. Missing n: attended sessions without times, which count 0."
exclusions = [
  "never_started",
  "starts_after_cut",
  "no_full_week",
  "no_full_week_in_dates",
]
evidence = "weeks"
*/
-- One row per compared group and band.
with person as (
  -- One row per group and person.
  select
    selected_episode.group_name,
    selected_episode.patient_id,
    count(*) filter (where episode_week.attended_hours < 9) as under,
    count(*) filter (where episode_week.attended_hours >= 9 and episode_week.attended_hours < 20) as within,
    count(*) filter (where episode_week.attended_hours >= 20) as over,
    count(*) as weeks,
    sum(episode_week.missing_minutes_sessions) as missing_n
  from selected_episode
  join mart.episode_week as episode_week on episode_week.episode_id = selected_episode.episode_id
  where episode_week.is_eligible
    and episode_week.week_start between $date_from and $date_to
  group by selected_episode.group_name, selected_episode.patient_id
),
banded as (
  select
    group_name,
    unnest([1, 2, 3]) as sequence,
    unnest(['< 9 hours', '9 to < 20 hours', '≥ 20 hours']) as category,
    unnest([under, within, over]) as inside,
    weeks,
    missing_n
  from person
)
select
  group_name,
  category,
  sum(inside) as numerator,
  sum(weeks) as denominator,
  count(*) as clusters,
  sum(inside * inside) as sum_yy,
  sum(inside * weeks) as sum_yn,
  sum(weeks * weeks) as sum_nn,
  sum(missing_n) as missing_n
from banded
group by group_name, sequence, category
order by group_name, sequence
