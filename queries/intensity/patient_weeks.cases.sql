/*
title = "Weeks in care: the weeks"
question = "Which weeks were under the target, and does what was billed agree with what was attended?"
formula = "Each week in care with scheduled, attended, authorised and billed care, and what does not agree."
unit = "hours"
higher_is = "better"
statistic = "list"
spec = ["INT-01", "INT-02"]
source = "INT-01, INT-02"
reviewed = "not clinically reviewed"
*/
-- One row per episode and week, the newest first.
with week as (
  select
    selected_episode.episode_id,
    selected_episode.patient_id,
    selected_episode.site,
    selected_episode.last_attended_date,
    week.week_start,
    week.week_of_care,
    week.is_eligible,
    week.open_days,
    week.scheduled_hours,
    week.attended_hours,
    week.target_hours,
    week.missing_minutes_sessions,
    week.authorized_hours,
    billed.billed_days,
    billed.unattended_days,
    billed.duplicate_days,
    billed.short_days
  from selected_episode
  join mart.episode_week as week on week.episode_id = selected_episode.episode_id
  left join mart.billed_week as billed
    on billed.episode_id = week.episode_id and billed.week_start = week.week_start
  where week.week_start between $date_from and $date_to
)
select
  episode_id,
  patient_id,
  site,
  week_start,
  week_of_care,
  is_eligible,
  is_eligible and attended_hours >= target_hours as is_on_target,
  case
    when not is_eligible and week_start + 6 > $analysis_cut then 'Excluded: the week had not ended at the cut-off'
    when not is_eligible then 'Excluded: open only ' || open_days || ' of 7 days'
    when attended_hours >= target_hours then 'On target'
    when week_start > last_attended_date then 'Under target: not seen since ' || last_attended_date
    when scheduled_hours < target_hours then 'Under target: the program scheduled too little'
    else 'Under target: the patient came too little'
  end as reason,
  round(scheduled_hours, 2) as scheduled_hours,
  round(attended_hours, 2) as attended_hours,
  target_hours,
  round(authorized_hours, 2) as authorized_hours,
  billed_days,
  concat_ws(
    '; ',
    if(missing_minutes_sessions > 0, missing_minutes_sessions || ' attended without times', null),
    if(attended_hours > authorized_hours, 'more hours attended than authorised', null),
    if(unattended_days > 0, unattended_days || ' billed without attendance', null),
    if(duplicate_days > 0, duplicate_days || ' billed twice', null),
    if(short_days > 0, short_days || ' billed with fewer than three hours', null)
  ) as mismatches
from week
order by week_start desc, site, episode_id
