-- One row per episode and instrument that is completed.
-- mart.score_pair with the latest score of ``completed`` (a frame) in place of its own, and what follows from it.
-- A test holds that the latest scores of the mart give the columns of the mart.
with filled as (
  select
    pair.*,
    completed.latest_score as filled_score,
    case
      when instrument.higher_is = 'worse' then pair.baseline_score - completed.latest_score
      else completed.latest_score - pair.baseline_score
    end as filled_improvement,
    case
      when pair.instrument_version = 'BAM-R' then null
      when instrument.caseness_is = 'at_least' then completed.latest_score >= instrument.caseness
      when instrument.caseness_is = 'at_most' then completed.latest_score <= instrument.caseness
    end as is_filled_case,
    instrument.response_share,
    instrument.remission_below
  from completed
  join mart.score_pair as pair on pair.episode_id = completed.episode_id and pair.instrument = completed.instrument
  join mart.instrument as instrument on instrument.instrument = pair.instrument
)
select
  episode_id,
  instrument,
  instrument_version,
  baseline_score,
  baseline_date,
  is_case_at_baseline,
  baseline_band,
  filled_score as latest_score,
  latest_date,
  is_filled_case as is_case_at_latest,
  filled_improvement as improvement,
  reliable_change,
  filled_improvement >= reliable_change as is_reliably_improved,
  filled_improvement <= -reliable_change as is_reliably_deteriorated,
  is_case_at_baseline and not is_filled_case as is_recovered,
  is_case_at_baseline and not is_filled_case and filled_improvement >= reliable_change as is_reliably_recovered,
  is_case_at_baseline and filled_improvement >= response_share * baseline_score and filled_improvement > 0 as is_response,
  filled_score < remission_below as is_remission,
  is_due,
  filled_score is not null as is_paired,
  followup_expected,
  scores_n
from filled
