-- One row per started episode and change instrument that was used or due in it.
-- First and latest score of an episode, and what the change between them means.
-- order by: instrument, episode_id
-- column: episode_id: Episode.
-- column: instrument: Instrument.
-- column: instrument_version: Version of both scores.
-- column: baseline_score: First score. (points)
-- column: baseline_date: Day of the first score.
-- column: is_case_at_baseline: First score beyond the clinical cut-off.
-- column: baseline_band: Band of the first score.
-- column: latest_score: Last score after the first one, of the same version, up to latest_score_days_after_exit; empty without one. (points)
-- column: latest_date: Day of the latest score.
-- column: latest_band: Band of the latest score.
-- column: is_case_at_latest: Latest score beyond the clinical cut-off.
-- column: improvement: Points by which the latest score is better; negative when it is worse. (points)
-- column: reliable_change: Change beyond measurement error; empty where none is published. (points)
-- column: is_reliably_improved: Better by at least the reliable change.
-- column: is_reliably_deteriorated: Worse by at least the reliable change.
-- column: is_recovered: A case at first and no longer at the latest score.
-- column: is_reliably_recovered: Recovered and reliably improved.
-- column: is_response: A case at first whose latest score is better by half of the first.
-- column: is_remission: Latest score below the remission score.
-- column: is_due: Has a first score and was closed, or followup_due_days in care, by the analysis cut: in the denominator of all with a baseline.
-- column: is_paired: Has a latest score.
-- column: followup_expected: Scores of follow-up after discharge that were due or given. (assessments)
-- column: scores_n: Scores of this instrument in the episode. (scores)
with used as (
  -- Rows without a score say that an assessment was due.
  select
    part.episode_id,
    assessments.instrument,
    count(assessments.score) as scores_n,
    count(*) filter (where timepoint like 'followup%') as followup_expected
  from core.assessments as assessments
  join mart.episode_part as part on part.part_id = assessments.episode_id
  group by part.episode_id, assessments.instrument
),
baseline as (
  select * from mart.score where is_baseline
),
latest as (
  select * from mart.score where is_latest
),
paired as (
  select
    used.episode_id,
    used.instrument,
    used.scores_n,
    used.followup_expected,
    baseline.instrument_version,
    baseline.score as baseline_score,
    baseline.assessed_date as baseline_date,
    baseline.is_case as is_case_at_baseline,
    baseline.band as baseline_band,
    latest.score as latest_score,
    latest.assessed_date as latest_date,
    latest.band as latest_band,
    latest.is_case as is_case_at_latest,
    case
      when higher_is = 'worse' then baseline.score - latest.score
      else latest.score - baseline.score
    end as improvement,
    -- The published values hold for the classic versions only.
    case when coalesce(baseline.instrument_version, '') <> 'BAM-R' then instrument.reliable_change end as reliable_change,
    instrument.response_share,
    instrument.remission_below,
    instrument.maximum,
    baseline.score is not null and (episode.is_closed or episode.day_zero + $followup_due_days <= $analysis_cut) as is_due
  from used
  join mart.episode as episode on episode.episode_id = used.episode_id
  join mart.instrument as instrument on instrument.instrument = used.instrument
  left join baseline on baseline.episode_id = used.episode_id and baseline.instrument = used.instrument
  left join latest on latest.episode_id = used.episode_id and latest.instrument = used.instrument
  where episode.is_started
    and instrument.is_change_measure
)
select
  episode_id,
  instrument,
  instrument_version,
  baseline_score,
  baseline_date,
  is_case_at_baseline,
  baseline_band,
  latest_score,
  latest_date,
  latest_band,
  is_case_at_latest,
  improvement,
  reliable_change,
  improvement >= reliable_change as is_reliably_improved,
  improvement <= -reliable_change as is_reliably_deteriorated,
  is_case_at_baseline and not is_case_at_latest as is_recovered,
  is_case_at_baseline and not is_case_at_latest and improvement >= reliable_change as is_reliably_recovered,
  is_case_at_baseline and improvement >= response_share * baseline_score and improvement > 0 as is_response,
  latest_score < remission_below as is_remission,
  is_due,
  latest_score is not null as is_paired,
  followup_expected,
  scores_n
from paired
