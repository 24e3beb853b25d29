/*
title = "Patients with a positive urine test"
question = "How many patients had any positive test in care, and how many at their last?"
formula = "Persons with at least one positive test in care, and persons whose last test in care is positive, over persons with a test expected or given in care."
unit = "share"
higher_is = "worse"
statistic = "bounds"
spec = ["UDS-4"]
source = "UDS-4; decision 18"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "person"
axis = "category"
notes = "A positive for a prescribed substance is not positive. Missing n: persons without a positive of whose tests one is missing or not valid; for the last test, those whose last one is. The first rate counts them as positive; among those with a result are all persons with a valid test, by their valid tests alone. Below 60 % only the bounds are given. The last test is of the last day; a positive of that day counts."
warning = "Who is tested more often has more chances of any positive. Only specimens that were given are tested: read with the completion rate."
listed = "person"
exclusions = [
  { when = "not person.has_started", because = "No episode had started by the analysis cut-off" },
  { when = "not person.is_dated", because = "Every episode started outside the chosen dates" },
  { when = "coalesce(person_tests.specimens, 0) = 0", because = "No test of this substance in care, expected or given" },
]
evidence = "{person_tests.valid} valid results, {person_tests.positive} positive"

[parameters.tested_substance]

[options]
event = "were positive"
followed = "have an answer that no missing test could change"
higher_is = "worse"
nested = true
*/
-- One row per compared group and reading.
with tested as (
  -- One row per person and day with a test in care.
  select
    selected_episode.group_name,
    urine.patient_id,
    urine.specimen_date,
    bool_or(urine.is_positive) filter (where urine.is_valid) as is_positive
  from selected_episode
  join mart.urine as urine on urine.episode_id = selected_episode.episode_id
  where urine.substance = $tested_substance
    and urine.specimen_date between selected_episode.day_zero and selected_episode.open_until
    and selected_episode.day_zero between $date_from and $date_to
  group by selected_episode.group_name, urine.patient_id, urine.specimen_date
),
person as (
  select
    group_name,
    patient_id,
    bool_or(is_positive) as has_positive,
    bool_and(is_positive is not null) as are_all_known,
    max_by(is_positive, specimen_date) filter (where is_positive is not null) as is_last_valid_positive,
    max_by(is_positive is not null, specimen_date) as is_last_known
  from tested
  group by group_name, patient_id
),
reading as (
  -- Whether the tests say it for sure, whether they say it or its opposite, and what the valid ones alone say.
  select
    group_name,
    unnest([1, 2]) as sequence,
    unnest(['any positive', 'last test positive']) as category,
    unnest([coalesce(has_positive, false), is_last_known and is_last_valid_positive]) as is_event,
    unnest([coalesce(has_positive, false) or are_all_known, is_last_known]) as is_known,
    unnest([has_positive, is_last_valid_positive]) as is_positive
  from person
)
select
  group_name,
  category,
  count(*) filter (where is_event) as numerator,
  count(*) filter (where is_known) as observed,
  count(*) as denominator,
  count(*) filter (where is_positive) as complete_numerator,
  count(is_positive) as complete_denominator
from reading
group by group_name, sequence, category
order by group_name, sequence
