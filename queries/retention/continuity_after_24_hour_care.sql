/*
title = "Followed up after inpatient or residential care"
question = "Does outpatient care begin soon after a stay for substance use?"
formula = "Discharges with an outpatient, intensive outpatient or partial hospitalization service (telehealth too) on days 1 to 7 (14), a dose of medication on days 0 to 7 (14), or, after inpatient care only, a residential admission on days 3 to 7 (14), over all discharges of adults from inpatient or residential care for substance use."
unit = "share"
higher_is = "better"
statistic = "proportion"
spec = ["RET-16"]
source = "RET-16 after CBE 3453"
reviewed = "not clinically reviewed"
dated_by = "discharge"
unit_of_analysis = "episode"
counted = "discharge"
axis = "category"
ignores_filters = ["level_of_care"]
notes = "{transfers_between_24_hour_care} {both_windows} Co-occurring programs count as substance use. {own_care_only} Nobody is missing: no follow-up on record counts as none."
warning = "Only services of this clinic are seen, and programs stand for diagnoses: not the published measure, and not a HEDIS rate."
exclusions = [
  { when = "episode.level_of_care not in ('inpatient', 'residential')", because = "Not inpatient or residential care", detail = "Level of care {episode.level_of_care}: not inpatient or residential care" },
  { when = "episode.program not in ('SUD', 'COD')", because = "Not a program for substance use", detail = "Program {episode.program}: not a program for substance use" },
  { when = "coalesce(episode.discharge_date > $analysis_cut, true)", because = "Not discharged by the analysis cut-off" },
  { when = "coalesce(episode.discharge_reason = 'died', false)", because = "Died in care", detail = "Died in care on {episode.discharge_date}" },
  { when = "discharge.episode_id is null", because = "A transfer: other 24-hour care went on or began within a day", detail = "Discharged on {episode.discharge_date} by transfer: other 24-hour care went on or began within a day" },
  { when = "coalesce(discharge.age < 18, true)", because = "Younger than 18, or of unknown age, at discharge", detail = "Aged {coalesce(discharge.age::varchar, 'unknown')} at discharge: younger than 18 or unknown" },
  { when = "discharge.discharge_date not between $date_from and $date_to", because = "Discharged outside the chosen dates", detail = "Discharged on {discharge.discharge_date}, outside the chosen dates" },
  { when = "discharge.discharge_date + 14 > $analysis_cut", because = "Discharged less than 14 days before the analysis cut-off", detail = "Discharged on {discharge.discharge_date}, less than 14 days before the analysis cut-off {$analysis_cut}" },
]
evidence = "discharged on {discharge.discharge_date}"

[options]
nested = true
*/
-- One row per compared group and window.
with followed as (
  select
    selected_episode.group_name,
    least(substance_visit_day, dose_day, if(level_of_care = 'inpatient', residential_day, null)) as follow_up_day
  from selected_episode
  join mart.after_24_hour_care as discharge on discharge.episode_id = selected_episode.episode_id
  where selected_episode.level_of_care in ('inpatient', 'residential')
    and selected_episode.program in ('SUD', 'COD')
    and discharge.age >= 18
    and discharge.discharge_date between $date_from and $date_to
    and discharge.discharge_date + 14 <= $analysis_cut
),
follow_up (category, days) as (
  values ('within 7 days', 7), ('within 14 days', 14)
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
