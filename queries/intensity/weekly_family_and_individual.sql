/*
title = "Individual and family sessions"
question = "How often do people have an individual and a family session?"
formula = "Eligible patient-weeks with at least one attended individual session, family session, or both, over all eligible patient-weeks; and episodes with a family session in any, an individual session in any or in every, and both in every eligible week, over all episodes with an eligible week."
unit = "share"
higher_is = "better"
statistic = "cluster_ratio"
spec = ["INT-13"]
source = "INT-13"
reviewed = "not clinically reviewed"
dated_by = "week"
unit_of_analysis = "patient-week"
axis = "category"
notes = "Persons are the clusters of the interval."
exclusions = [
  "never_started",
  "starts_after_cut",
  "no_full_week",
  "no_full_week_in_dates",
]
evidence = "weeks"

[options]
nested = true
*/
-- One row per compared group and kind of session.
with week as (
  -- One row per group and episode with an eligible week.
  select
    selected_episode.group_name,
    selected_episode.patient_id,
    selected_episode.episode_id,
    count(*) as weeks,
    count(*) filter (where episode_week.has_individual) as individual,
    count(*) filter (where episode_week.has_family) as family,
    count(*) filter (where episode_week.has_individual and episode_week.has_family) as with_both
  from selected_episode
  join mart.episode_week as episode_week on episode_week.episode_id = selected_episode.episode_id
  where episode_week.is_eligible
    and episode_week.week_start between $date_from and $date_to
  group by selected_episode.group_name, selected_episode.patient_id, selected_episode.episode_id
),
person as (
  -- One row per group and person, with a pair of counts for each kind.
  select
    group_name,
    patient_id,
    [
      sum(individual),
      sum(family),
      sum(with_both),
      count(*) filter (where family > 0),
      count(*) filter (where individual > 0),
      count(*) filter (where individual = weeks),
      count(*) filter (where with_both = weeks)
    ] as met,
    sum(weeks) as weeks,
    count(*) as episodes
  from week
  group by group_name, patient_id
),
kind as (
  select
    group_name,
    unnest([1, 2, 3, 4, 5, 6, 7]) as sequence,
    unnest([
      'weeks with an individual session',
      'weeks with a family session',
      'weeks with both',
      'episodes with a family session',
      'episodes with an individual session',
      'episodes with an individual session every week',
      'episodes with both every week'
    ]) as category,
    unnest(met) as met,
    unnest([weeks, weeks, weeks, episodes, episodes, episodes, episodes]) as total
  from person
)
select
  group_name,
  category,
  sum(met) as numerator,
  sum(total) as denominator,
  count(*) as clusters,
  sum(met * met) as sum_yy,
  sum(met * total) as sum_yn,
  sum(total * total) as sum_nn,
  0 as missing_n
from kind
group by group_name, sequence, category
order by group_name, sequence
