/*
title = "Positive urine by week of care"
question = "How many of those tested were positive, week by week?"
formula = "Persons with a positive valid test in the week over persons with a valid test in it; week 1 is the first seven days after day 0."
unit = "share"
higher_is = "worse"
statistic = "proportion"
spec = ["UDS-1"]
source = "UDS-1; decision 18"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "person-week"
axis = "step"
notes = "Missing n: a specimen was expected or given in the week and there is no valid result. A positive for a prescribed substance is not positive, unless results count as reported."
warning = "Later weeks hold those who stayed and gave a specimen."
listed = "person"
exclusions = [
  { when = "not person.has_started", because = "No episode had started by the analysis cut-off" },
  { when = "not person.is_dated", because = "Every episode started outside the chosen dates" },
  { when = "coalesce(person_weeks.weeks, 0) = 0", because = "No specimen in a week of care, expected or given" },
  { when = "person_weeks.tested = 0", because = "No result of this substance that counts in any week of care" },
]

[parameters.tested_substance]

[parameters.counted]
*/
-- One row per compared group and week of care.
with person_week as (
  -- One row per group, person and week of care with a specimen, or with one that was expected.
  select
    selected_episode.group_name,
    urine.patient_id,
    urine.week_of_care,
    bool_or(
      urine.substance = $tested_substance
      and if($counted = 'as reported', urine.is_positive_reported, urine.is_positive)
    ) as is_positive,
    bool_or(
      urine.substance = $tested_substance
      and if($counted = 'as reported', urine.is_collected, urine.is_valid)
    ) as is_tested
  from selected_episode
  join mart.urine as urine on urine.episode_id = selected_episode.episode_id
  where selected_episode.day_zero between $date_from and $date_to
    and urine.substance in ('any', $tested_substance)
    and urine.week_of_care >= 1
    and urine.specimen_date <= selected_episode.open_until
  group by selected_episode.group_name, urine.patient_id, urine.week_of_care
)
select
  group_name,
  '' as category,
  week_of_care as step,
  count(*) filter (where is_tested and is_positive) as numerator,
  count(*) filter (where is_tested) as denominator,
  count(*) filter (where not is_tested) as missing_n
from person_week
group by group_name, week_of_care
order by group_name, week_of_care
