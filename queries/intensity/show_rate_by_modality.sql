/*
title = "Show rate, in person and by telehealth"
question = "Do people come more often in person or by video?"
formula = "Sessions shown (attended for at least half of the scheduled minutes), over sessions shown, attended in part, missed without a cancellation, or cancelled less than 24 hours before, by how the patient takes part."
unit = "share"
higher_is = "better"
statistic = "cluster_ratio"
spec = ["INT-07"]
source = "INT-07, decision 9; telehealth beside in person (decisions, last paragraph)"
reviewed = "not clinically reviewed"
dated_by = "month"
unit_of_analysis = "session"
axis = "category"
notes = "Who is offered telehealth, and for which sessions, is not drawn at random: this is not the effect of the modality. Persons are the clusters of the interval; a person with sessions of both kinds is in both. Dates choose whole months by their first day. Missing n: sessions whose outcome was not recorded."
exclusions = [
  "no_session",
  "no_session_in_dates",
  { when = "sessions.expected = 0", because = "Every session was cancelled in time or by the program, or its outcome is not recorded" },
]
*/
-- One row per compared group and modality.
with person as (
  -- One row per group, person and modality.
  select
    selected_episode.group_name,
    selected_episode.patient_id,
    attendance.modality,
    sum(attendance.shown) as shown,
    sum(attendance.shown + attendance.partial + attendance.no_show + attendance.late_cancel) as expected,
    sum(attendance.unknown) as missing_n
  from selected_episode
  join mart.attendance as attendance on attendance.episode_id = selected_episode.episode_id
  where attendance.month_start between $date_from and $date_to
  group by selected_episode.group_name, selected_episode.patient_id, attendance.modality
),
label (place, modality, category) as (
  values (1, 'in_person', 'in person'), (2, 'telehealth', 'telehealth'), (3, 'unknown', 'modality not recorded')
)
select
  person.group_name,
  label.category,
  sum(shown) as numerator,
  sum(expected) as denominator,
  count(*) filter (where expected > 0) as clusters,
  sum(shown * shown) as sum_yy,
  sum(shown * expected) as sum_yn,
  sum(expected * expected) as sum_nn,
  sum(missing_n) as missing_n
from person
join label on label.modality = person.modality
group by person.group_name, label.place, label.category
having sum(expected) > 0
order by person.group_name, label.place
