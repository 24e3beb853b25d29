/*
title = "Open episodes without contact: the people"
question = "Whom should the program call?"
formula = "Open episodes with no attended service for 7 days or more at the data cut-off, longest first."
unit = "days"
higher_is = "worse"
statistic = "list"
spec = ["RET-12"]
source = "RET-12"
reviewed = "not clinically reviewed"
*/
-- One row per open episode without an attended service for 7 days or more.
with waiting as (
  select
    episode_id,
    patient_id,
    site,
    program,
    track,
    admission_date,
    last_attended_date,
    sessions_attended,
    ($data_cut - coalesce(last_attended_date, admission_date))::integer as days_without_contact
  from selected_episode
  where discharge_date is null
    and coalesce(day_zero, admission_date) between $date_from and $date_to
)
select
  *,
  case
    when days_without_contact >= 30 then 'consider administrative discharge'
    when days_without_contact >= 14 then 'outreach is due'
    else 'watch'
  end as action
from waiting
where days_without_contact >= 7
order by days_without_contact desc, episode_id
