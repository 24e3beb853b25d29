/*
title = "Followed up after inpatient mental-health care (not a HEDIS rate)"
question = "How many have mental-health care within 7 and 30 days of leaving the hospital?"
formula = "Discharges with an attended outpatient, intensive outpatient or partial hospitalization service for mental health or co-occurring disorders on days 1 to 7 (30), over all discharges of people aged 6 or older from inpatient mental-health care."
unit = "share"
higher_is = "better"
statistic = "proportion"
spec = ["RET-18"]
source = "RET-18 after HEDIS FUH (from memory)"
reviewed = "not clinically reviewed"
dated_by = "discharge"
unit_of_analysis = "episode"
counted = "discharge"
axis = "category"
ignores_filters = ["level_of_care"]
notes = "Follow-up on the discharge date does not count. {transfers_between_24_hour_care} {both_windows} {own_care_only} Nobody is missing: no follow-up on record counts as none."
warning = "Not a HEDIS rate: programs stand for diagnoses, and only services of this clinic are seen."
exclusions = [
  { when = "episode.level_of_care not in ('inpatient')", because = "Not inpatient care", detail = "Level of care {episode.level_of_care}: not inpatient care" },
  { when = "episode.program not in ('MH')", because = "Not a mental-health program", detail = "Program {episode.program}: not a mental-health program" },
  { when = "coalesce(episode.discharge_date > $analysis_cut, true)", because = "Not discharged by the analysis cut-off" },
  { when = "coalesce(episode.discharge_reason = 'died', false)", because = "Died in care", detail = "Died in care on {episode.discharge_date}" },
  { when = "discharge.episode_id is null", because = "A transfer: other 24-hour care went on or began within a day", detail = "Discharged on {episode.discharge_date} by transfer: other 24-hour care went on or began within a day" },
  { when = "coalesce(discharge.age < 6, true)", because = "Younger than 6, or of unknown age, at discharge", detail = "Aged {coalesce(discharge.age::varchar, 'unknown')} at discharge: younger than 6 or unknown" },
  { when = "discharge.discharge_date not between $date_from and $date_to", because = "Discharged outside the chosen dates", detail = "Discharged on {discharge.discharge_date}, outside the chosen dates" },
  { when = "discharge.discharge_date + 30 > $analysis_cut", because = "Discharged less than 30 days before the analysis cut-off", detail = "Discharged on {discharge.discharge_date}, less than 30 days before the analysis cut-off {$analysis_cut}" },
]
evidence = "discharged on {discharge.discharge_date}"

[options]
nested = true
*/
-- One row per compared group and window.
with followed as (
  select
    selected_episode.group_name,
    mental_health_visit_day as follow_up_day
  from selected_episode
  join mart.after_24_hour_care as discharge on discharge.episode_id = selected_episode.episode_id
  where selected_episode.level_of_care = 'inpatient'
    and selected_episode.program = 'MH'
    and discharge.age >= 6
    and discharge.discharge_date between $date_from and $date_to
    and discharge.discharge_date + 30 <= $analysis_cut
),
follow_up (category, days) as (
  values ('within 7 days', 7), ('within 30 days', 30)
)
select
  group_name,
  category,
  count(*) filter (where follow_up_day <= days) as numerator,
  count(*) as denominator,
  0 as missing_n
from followed
cross join follow_up
group by group_name, days, category
order by group_name, days
