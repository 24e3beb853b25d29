/*
title = "Open episodes without contact"
question = "How many open episodes have had no service for 7, 14 or 30 days?"
formula = "Open episodes by the days from the last attended service (the admission, if none) to the data cut-off."
unit = "count"
higher_is = "worse"
statistic = "counts"
spec = ["RET-12"]
source = "RET-12; local thresholds, state and payer rules vary"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
partition = true
notes = "14 days: outreach is due. 30 days: candidate for administrative discharge. Late entry of notes adds false alarms."
exclusions = [
  { when = "episode.discharge_date is not null", because = "Discharged", detail = "Discharged on {episode.discharge_date}" },
  { when = "coalesce(episode.day_zero, episode.admission_date) not between $date_from and $date_to", because = "Started outside the chosen dates", detail = "Started on {coalesce(episode.day_zero, episode.admission_date)}, outside the chosen dates" },
]
evidence = "{$data_cut - coalesce(episode.last_attended_date, episode.admission_date)} days without contact"
*/
-- One row per compared group and band of days without contact.
with waiting as (
  select group_name, $data_cut - coalesce(last_attended_date, admission_date) as days_without_contact
  from selected_episode
  where discharge_date is null
    and coalesce(day_zero, admission_date) between $date_from and $date_to
),
band (place, category, from_days, below_days) as (
  values
    (1, 'under 7 days', 0, 7),
    (2, '7 to 13 days', 7, 14),
    (3, '14 to 29 days', 14, 30),
    (4, '30 days or more', 30, 1000000)
)
select
  compared.group_name,
  band.category,
  count(waiting.group_name) as count
from (select distinct group_name from waiting) as compared
cross join band
left join waiting
  on waiting.group_name = compared.group_name
  and waiting.days_without_contact >= band.from_days
  and waiting.days_without_contact < band.below_days
group by compared.group_name, band.place, band.category
order by compared.group_name, band.place
