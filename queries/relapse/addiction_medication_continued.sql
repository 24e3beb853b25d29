/*
title = "Medication continued"
question = "Of those who received medication in care, how many continued it for 180 days?"
formula = "Episodes whose doses, from the first one in care on, cover the chosen number of days without a longer gap, over episodes with a dose in care at least that long before the analysis cut-off."
unit = "share"
higher_is = "better"
statistic = "bounds"
spec = ["10 medication"]
source = "Decisions, last paragraph; 180 days without a gap of more than 7, of the kind of the continuity measure for opioid use disorder [R]"
reviewed = "not clinically reviewed"
dated_by = "first dose in care"
unit_of_analysis = "episode"
axis = "category"
notes = "By primary substance; the same medications as for those who receive it, and a change among them continues it. A dose covers its day, an injection of naltrexone (amount 1) 28 days. Missing n: the doses end with the care, so that it is not known whether it was continued elsewhere. The first rate counts missing as not continued; below 60 % follow-up only the bounds are given."
warning = "This is not a HEDIS rate. Doses given elsewhere are seen only if they were exported."
exclusions = [
  { when = "coalesce(episode.primary_substance not in ('opioid', 'alcohol'), true)", because = "The primary substance is neither an opioid nor alcohol" },
  "never_started",
  { when = "first_dose.first_date is null", because = "No dose of a medication for this use disorder in care" },
  { when = "first_dose.first_date not between $date_from and $date_to", because = "First dose in care outside the chosen dates", detail = "First dose in care on {first_dose.first_date}, outside the chosen dates" },
  { when = "first_dose.first_date + $duration > $analysis_cut", because = "First dose in care less than {$duration} days before the analysis cut-off", detail = "First dose in care on {first_dose.first_date}, less than {$duration} days before the analysis cut-off {$analysis_cut}" },
]
evidence = "first dose in care on {first_dose.first_date}"

[parameters.duration]
type = "integer"
default = 180
label = "Days to be covered"
choices = [90, 180]

[parameters.gap_days]
type = "integer"
default = 7
label = "Longest gap in days"
choices = [7, 14, 30]

[options]
event = "continued"
followed = "are known to have continued or stopped"
*/
-- One row per compared group and primary substance.
with indicated (primary_substance, medication) as (
  values
    ('opioid', 'methadone'), ('opioid', 'buprenorphine'), ('opioid', 'naltrexone'),
    ('alcohol', 'naltrexone'), ('alcohol', 'acamprosate'), ('alcohol', 'disulfiram')
),
dose as (
  -- One row per person, use disorder and dose: the last day that it covers.
  select
    medications.patient_id,
    indicated.primary_substance,
    medications.dose_date,
    medications.dose_date + if(medications.medication = 'naltrexone' and amount = 1, 27, 0) as covered_until
  from core.medications as medications
  join indicated on indicated.medication = medications.medication
  where coalesce(medications.amount, 1) > 0
    and medications.dose_date <= $analysis_cut
),
begun as (
  -- The first dose in care.
  select
    selected_episode.group_name,
    selected_episode.episode_id,
    selected_episode.patient_id,
    selected_episode.primary_substance,
    selected_episode.exit_date,
    selected_episode.is_closed,
    min(dose.dose_date) as first_date
  from selected_episode
  join dose
    on dose.patient_id = selected_episode.patient_id
    and dose.primary_substance = selected_episode.primary_substance
    and dose.dose_date between selected_episode.day_zero and selected_episode.open_until
  group by all
  having min(dose.dose_date) between $date_from and $date_to
    and min(dose.dose_date) + $duration::integer <= $analysis_cut
),
since as (
  -- Doses from that one on, with what was covered before each.
  select
    begun.episode_id,
    dose.covered_until,
    coalesce(dose.dose_date - max(dose.covered_until) over earlier - 1, 0) as gap
  from begun
  join dose
    on dose.patient_id = begun.patient_id
    and dose.primary_substance = begun.primary_substance
    and dose.dose_date >= begun.first_date
  window earlier as (
    partition by begun.episode_id order by dose.dose_date, dose.covered_until
    rows between unbounded preceding and 1 preceding
  )
),
broken as (
  select
    *,
    bool_or(gap > $gap_days) over (
      partition by episode_id order by covered_until rows between unbounded preceding and current row
    ) as is_after_gap
  from since
),
continued as (
  select
    episode_id,
    max(covered_until) filter (where not is_after_gap) as covered_until,
    bool_or(is_after_gap) as is_resumed
  from broken
  group by episode_id
),
answered as (
  select
    begun.group_name,
    begun.primary_substance,
    continued.covered_until >= begun.first_date + $duration::integer - 1 as is_continued,
    -- Doses after the gap, or care that outlasted it, show that it was a gap.
    is_continued
      or continued.is_resumed
      or not begun.is_closed
      or begun.exit_date > continued.covered_until + $gap_days::integer as is_known
  from begun
  join continued on continued.episode_id = begun.episode_id
)
select
  group_name,
  primary_substance || ' use disorder' as category,
  count(*) filter (where is_continued) as numerator,
  count(*) filter (where is_known) as observed,
  count(*) as denominator
from answered
group by group_name, primary_substance
order by group_name, primary_substance desc
