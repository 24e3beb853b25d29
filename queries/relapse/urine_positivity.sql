/*
title = "Positive urine tests"
question = "How many of the valid tests are positive, by substance?"
formula = "Positive results over valid results (positive or negative) in care, by substance; 'any' is the specimen as a whole. A positive for a prescribed substance is not positive."
unit = "share"
higher_is = "worse"
statistic = "cluster_ratio"
spec = ["UDS-1"]
source = "UDS-1; decision 18"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "specimen"
axis = "category"
notes = "Persons are the clusters of the interval. Missing n: not collected, invalid, dilute or pending. 'As reported' counts every positive over every collected specimen."
warning = "Only specimens that were given are tested: read with the completion rate."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  { when = "coalesce(urine.in_care, 0) = 0", because = "No specimen in care, expected or given" },
  { when = "if($counted = 'as reported', urine.collected, urine.valid) = 0", because = "None of the specimens in care has a result that counts" },
]

[parameters.counted]
*/
-- One row per compared group and substance.
with tested as (
  -- One row per group, person and substance.
  select
    selected_episode.group_name,
    urine.patient_id,
    urine.substance,
    count(*) filter (where if($counted = 'as reported', urine.is_positive_reported, urine.is_positive)) as positive,
    count(*) filter (where if($counted = 'as reported', urine.is_collected, urine.is_valid)) as tests,
    count(*) as specimens
  from selected_episode
  join mart.urine as urine on urine.episode_id = selected_episode.episode_id
  where selected_episode.day_zero between $date_from and $date_to
    and urine.specimen_date between selected_episode.day_zero and selected_episode.open_until
  group by selected_episode.group_name, urine.patient_id, urine.substance
)
select
  group_name,
  substance as category,
  sum(positive) as numerator,
  sum(tests) as denominator,
  count(*) filter (where tests > 0) as clusters,
  sum(positive * positive) as sum_yy,
  sum(positive * tests) as sum_yn,
  sum(tests * tests) as sum_nn,
  sum(specimens - tests) as missing_n
from tested
group by group_name, substance
having sum(tests) > 0
order by group_name, substance <> 'any', substance
