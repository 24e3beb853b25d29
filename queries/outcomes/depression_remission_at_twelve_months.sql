/*
title = "Depression remission at twelve months"
question = "Of those who scored above 9 on the PHQ-9, how many are below 5 a year later?"
formula = "Persons whose last PHQ-9 within 12 months ± 60 days of the index is below 5, over persons with an index PHQ-9 above 9 whose window has ended by the analysis cut-off; without a PHQ-9 in the window they have not met it."
unit = "share"
higher_is = "better"
statistic = "bounds"
spec = ["OUT-09"]
source = "OUT-09; CMS depression remission at twelve months [S56]"
reviewed = "not clinically reviewed"
dated_by = "index PHQ-9"
unit_of_analysis = "person"
axis = "none"
notes = "Index: the person's first PHQ-9 above 9 in an episode at this level of care. Excluded by the end of the window, as far as recorded as a primary diagnosis or an exit: bipolar (F31), psychotic (F20 to F29), borderline (F60.3) and pervasive developmental disorder (F84), and death. Hospice and palliative care are not recorded, and a diagnosis of depression is not asked for. Missing n: no PHQ-9 in the window. Below 60 % follow-up only the bounds are given: the lower one is the rate as CMS counts it."
warning = "This is not a CMS or HEDIS rate: population, exclusions and reporting differ. Programs that do not follow people for a year score near zero by definition."
exclusions = [
  { when = "index_score.patient_id is null", because = "No PHQ-9 above 9" },
  { when = "index_score.episode_id <> episode.episode_id", because = "The first PHQ-9 above 9 was in another episode of the person", detail = "The person's first PHQ-9 above 9 was in episode {index_score.episode_id}, on {index_score.index_date}" },
  { when = "index_score.index_date not between $date_from and $date_to", because = "The index PHQ-9 is outside the chosen dates", detail = "The index PHQ-9 of {index_score.index_date} is outside the chosen dates" },
  { when = "index_score.window_end > $analysis_cut", because = "The window a year later had not ended by the analysis cut-off", detail = "The window of the PHQ-9 of {index_score.index_date} ends on {index_score.window_end}, after the analysis cut-off {$analysis_cut}" },
  { when = "exists (select 1 from core.episodes as other where other.patient_id = episode.patient_id and other.discharge_reason = 'died' and other.discharge_date <= index_score.window_end)", because = "Died by the end of the window" },
  { when = "exists (select 1 from core.episodes as other where other.patient_id = episode.patient_id and regexp_matches(other.primary_diagnosis, '^(F31|F2[0-9]|F60\\.3|F84)') and other.admission_date <= index_score.window_end)", because = "A bipolar, psychotic, borderline or pervasive developmental disorder is recorded" },
]
evidence = "index PHQ-9 on {index_score.index_date}"

[options]
event = "reached remission"
followed = "have a PHQ-9 in the window"
*/
-- One row per compared group.
with first_high as (
  -- One row per person and level of care: the index score and the window a year later.
  select
    episode.patient_id,
    min_by(score.episode_id, (score.assessed_date, score.assessment_id)) as episode_id,
    min(score.assessed_date) as index_date,
    (min(score.assessed_date) + interval 12 month)::date - 60 as window_start,
    (min(score.assessed_date) + interval 12 month)::date + 60 as window_end
  from mart.score as score
  join mart.episode as episode on episode.episode_id = score.episode_id
  where score.instrument = 'PHQ-9' and score.score > 9
  group by episode.patient_id, episode.level_of_care
),
excluded as (
  select distinct first_high.episode_id
  from first_high
  join core.episodes as episodes on episodes.patient_id = first_high.patient_id
  where (
    regexp_matches(episodes.primary_diagnosis, '^(F31|F2[0-9]|F60\.3|F84)')
    and episodes.admission_date <= first_high.window_end
  )
  or (episodes.discharge_reason = 'died' and episodes.discharge_date <= first_high.window_end)
),
last_score as (
  -- The last PHQ-9 in the window, wherever it was given.
  select first_high.episode_id, max_by(assessments.score, (assessments.assessed_date, assessments.assessment_id)) as score
  from first_high
  join core.assessments as assessments
    on assessments.patient_id = first_high.patient_id
    and assessments.assessed_date between first_high.window_start and first_high.window_end
  where assessments.instrument = 'PHQ-9' and assessments.score is not null
  group by first_high.episode_id
)
select
  selected_episode.group_name,
  '' as category,
  count(*) filter (where last_score.score < 5) as numerator,
  count(last_score.score) as observed,
  count(*) as denominator
from selected_episode
join first_high on first_high.episode_id = selected_episode.episode_id
left join last_score on last_score.episode_id = first_high.episode_id
where first_high.episode_id not in (select episode_id from excluded)
  and first_high.window_end <= $analysis_cut
  and first_high.index_date between $date_from and $date_to
group by selected_episode.group_name
order by selected_episode.group_name
