/*
title = "Medication for opioid or alcohol use disorder"
question = "How many receive a medication that is indicated for their use disorder?"
formula = "Episodes with a dose of methadone, buprenorphine or naltrexone (opioids), or of naltrexone, acamprosate or disulfiram (alcohol), from day 0 to the chosen day, over started episodes with that primary substance that began at least that long before the analysis cut-off."
unit = "share"
higher_is = "better"
statistic = "proportion"
spec = ["10 medication"]
source = "Decisions, last paragraph: medication for opioid and alcohol use disorder"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
notes = "By primary substance. Doses of the person count whoever recorded them, of medication that was begun before too. Without any dose in the data the measure says so. Whether it was offered, or refused, is not recorded, so nothing here is known to be missing."
warning = "Doses given elsewhere are seen only if they were exported: the share is then too low. This is not a HEDIS rate."
exclusions = [
  { when = "coalesce(episode.primary_substance not in ('opioid', 'alcohol'), true)", because = "The primary substance is neither an opioid nor alcohol" },
  "never_started",
  "starts_after_cut",
  "outside_dates",
  { name = "too_recent", days = "$day" },
]

[parameters.day]
type = "integer"
default = 30
label = "By day of care"
choices = [14, 30, 60]
*/
-- One row per compared group and primary substance.
with indicated (primary_substance, medication) as (
  values
    ('opioid', 'methadone'), ('opioid', 'buprenorphine'), ('opioid', 'naltrexone'),
    ('alcohol', 'naltrexone'), ('alcohol', 'acamprosate'), ('alcohol', 'disulfiram')
),
treated as (
  select
    selected_episode.group_name,
    selected_episode.primary_substance,
    exists (
      select 1
      from core.medications as medications
      join indicated on indicated.medication = medications.medication
      where medications.patient_id = selected_episode.patient_id
        and indicated.primary_substance = selected_episode.primary_substance
        and medications.dose_date between selected_episode.day_zero and selected_episode.day_zero + $day::integer
        and coalesce(medications.amount, 1) > 0
    ) as is_treated
  from selected_episode
  where selected_episode.primary_substance in ('opioid', 'alcohol')
    and selected_episode.is_started
    and selected_episode.day_zero + $day::integer <= $analysis_cut
    and selected_episode.day_zero between $date_from and $date_to
)
select
  group_name,
  primary_substance || ' use disorder' as category,
  case when exists (select 1 from core.medications) then count(*) filter (where is_treated) end as numerator,
  count(*) as denominator,
  0 as missing_n,
  case when not exists (select 1 from core.medications) then 'not defined: no medication is recorded' end as unavailable
from treated
group by group_name, primary_substance
order by group_name, primary_substance desc
