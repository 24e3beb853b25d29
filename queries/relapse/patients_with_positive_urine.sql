/*
title = "Patients with a positive urine test"
question = "How many patients had any positive test in care, and how many at their last?"
formula = "Persons with at least one positive among their valid tests in care, and persons whose last valid test in care is positive, over persons with a valid test."
unit = "share"
higher_is = "worse"
statistic = "proportion"
spec = ["UDS-4"]
source = "UDS-4; decision 18"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "person"
axis = "category"
notes = "A positive for a prescribed substance is not positive. Missing n: persons with tests of the substance in care, expected or given, of which none is valid. The last test is of the last day; a positive of that day counts."
warning = "Who is tested more often has more chances of any positive. Only specimens that were given are tested: read with the completion rate."
listed = "person"
exclusions = [
  { when = "not person.has_started", because = "No episode had started by the analysis cut-off" },
  { when = "not person.is_dated", because = "Every episode started outside the chosen dates" },
  { when = "coalesce(person_tests.specimens, 0) = 0", because = "No test of this substance in care, expected or given" },
  { when = "person_tests.valid = 0", because = "None of the tests in care is valid" },
]
evidence = "{person_tests.valid} valid results, {person_tests.positive} positive"

[parameters.tested_substance]
type = "text"
default = "any"
label = "Substance tested"
choices = ["any", "alcohol", "amphetamine", "barbiturate", "benzodiazepine", "buprenorphine", "cannabis", "cocaine", "fentanyl", "methadone", "opioid", "other"]

[options]
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
    max_by(is_positive, specimen_date) filter (where is_positive is not null) as is_last_positive
  from tested
  group by group_name, patient_id
),
reading as (
  select
    group_name,
    unnest([1, 2]) as sequence,
    unnest(['any positive', 'last test positive']) as category,
    unnest([has_positive, is_last_positive]) as is_positive
  from person
)
select
  group_name,
  category,
  count(*) filter (where is_positive) as numerator,
  count(is_positive) as denominator,
  count(*) filter (where is_positive is null) as missing_n
from reading
group by group_name, sequence, category
having count(is_positive) > 0
order by group_name, sequence
