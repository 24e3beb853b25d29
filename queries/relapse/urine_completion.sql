/*
title = "Urine tests given"
question = "Of the tests that were due, how many were given?"
formula = "Collected specimens over expected specimens."
unit = "share"
higher_is = "better"
statistic = "cluster_ratio"
spec = ["UDS-3"]
source = "UDS-3"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "specimen"
axis = "none"
notes = "Read this before any positivity. Persons are the clusters of the interval. Missing n: expected and not collected. Tests are expected to the planned end or the no-contact limit, whatever the exit."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  { when = "coalesce(urine.expected, 0) = 0", because = "No specimen was expected in care" },
]
*/
-- One row per compared group.
with expected as (
  -- One row per group and person with expected specimens.
  select
    selected_episode.group_name,
    urine.patient_id,
    count(*) filter (where urine.is_collected) as collected,
    count(*) as expected,
    count(*) filter (where not urine.is_collected) as missing
  from selected_episode
  join mart.urine as urine on urine.episode_id = selected_episode.episode_id
  where selected_episode.day_zero between $date_from and $date_to
    and urine.substance = 'any'
    and urine.is_expected
    and urine.specimen_date between selected_episode.day_zero and selected_episode.open_until
  group by selected_episode.group_name, urine.patient_id
)
select
  group_name,
  '' as category,
  sum(collected) as numerator,
  sum(expected) as denominator,
  count(*) as clusters,
  sum(collected * collected) as sum_yy,
  sum(collected * expected) as sum_yn,
  sum(expected * expected) as sum_nn,
  sum(missing) as missing_n
from expected
group by group_name
order by group_name
