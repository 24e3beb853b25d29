-- One row per assessment with a score that belongs to an episode with a day 0.
-- Scores by day and week of care. The baseline is the first score from baseline_days_before day 0 to baseline_days_after it.
-- order by: episode_id, instrument, assessed_date, score
-- column: episode_id: Episode that the assessment belongs to; a restart within a day has the first part's key.
-- column: day_of_care: Days from day 0 to the assessment; negative before it. (days)
-- column: week_of_care: 1 for days 0 to 6, 2 for days 7 to 13; 0 before day 0. (weeks)
-- column: month_start: First day of the month of the assessment.
-- column: band: Band of severity; empty for instruments or versions without published bands.
-- column: is_case: Beyond the clinical cut-off; empty where none is published.
-- column: is_baseline: The score that changes are measured from.
-- column: is_latest: The last score in care, up to latest_score_days_after_exit and the analysis cut.
with placed as (
  select
    assessments.patient_id,
    episode.episode_id,
    assessments.assessment_id,
    assessments.instrument,
    assessments.instrument_version,
    assessments.assessed_date,
    assessments.timepoint,
    assessments.score,
    assessments.assessed_date - episode.day_zero as day_of_care,
    assessments.timepoint not like 'followup%'
      and assessments.assessed_date <= $analysis_cut
      and (episode.exit_date is null or not episode.is_closed or assessments.assessed_date <= episode.exit_date + $latest_score_days_after_exit)
      as is_in_care
  from core.assessments as assessments
  join mart.episode_part as part on part.part_id = assessments.episode_id
  join mart.episode as episode on episode.episode_id = part.episode_id
  where assessments.score is not null
    and episode.day_zero is not null
),
first_score as (
  select episode_id, instrument, min_by(assessment_id, (assessed_date, assessment_id)) as assessment_id
  from placed
  where is_in_care
    and day_of_care between -$baseline_days_before and $baseline_days_after
    and timepoint in ('intake', 'week')
  group by episode_id, instrument
),
last_score as (
  -- Versions of an instrument are never compared with each other.
  select placed.episode_id, placed.instrument, max_by(placed.assessment_id, (placed.assessed_date, placed.assessment_id)) as assessment_id
  from placed
  join first_score using (episode_id, instrument)
  join placed as baseline on baseline.assessment_id = first_score.assessment_id
  where placed.is_in_care
    and placed.assessed_date > baseline.assessed_date
    and placed.instrument_version is not distinct from baseline.instrument_version
  group by placed.episode_id, placed.instrument
)
select
  placed.assessment_id,
  placed.episode_id,
  placed.patient_id,
  placed.instrument,
  placed.instrument_version,
  placed.assessed_date,
  placed.day_of_care::integer as day_of_care,
  case when day_of_care < 0 then 0 else day_of_care // 7 + 1 end::integer as week_of_care,
  date_trunc('month', placed.assessed_date)::date as month_start,
  placed.timepoint,
  placed.score,
  band.band,
  case
    when instrument_version = 'BAM-R' then null
    when caseness_is = 'at_least' then score >= caseness
    when caseness_is = 'at_most' then score <= caseness
  end as is_case,
  first_score.assessment_id is not null as is_baseline,
  last_score.assessment_id is not null as is_latest
from placed
join mart.instrument as instrument on instrument.instrument = placed.instrument
left join mart.instrument_band as band
  on band.instrument = placed.instrument
  and placed.score >= band.from_score
  and placed.score < band.to_score + 1
  and coalesce(placed.instrument_version, '') <> 'BAM-R'
left join first_score on first_score.assessment_id = placed.assessment_id
left join last_score on last_score.assessment_id = placed.assessment_id
