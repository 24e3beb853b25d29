/*
title = "Severity at the start and now"
question = "How severe were symptoms at the first score, and at the latest?"
formula = "Share of all episodes with a baseline and a follow-up due in each band, at the first and at the latest score; without a later score they are 'not followed up'."
unit = "share"
higher_is = "neutral"
statistic = "proportion"
spec = ["OUT-02"]
source = "OUT-02; bands in the instrument table"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
partition = true
notes = "Both occasions have the same denominator. The statistic is 'baseline' or 'latest'. Missing n: at the latest score, those not followed up. Versions on another scale, such as BAM-R, have no bands and are left out."
warning = "Change during treatment. Without a comparison it is not an effect of treatment."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "not_used",
  "no_first_score",
  "not_due",
  { when = "pair.baseline_band is null", because = "This version of the {$instrument} has no bands" },
]
evidence = "scores"

[parameters.instrument]
*/
-- One row per compared group, occasion (in the column statistic) and band.
with due as (
  -- One row per episode with a baseline for which a later score was due.
  select
    selected_episode.group_name,
    pair.baseline_band,
    if(pair.is_paired, pair.latest_band, 'not followed up') as latest_band
  from selected_episode
  join mart.score_pair as pair on pair.episode_id = selected_episode.episode_id
  where pair.instrument = $instrument
    and pair.is_due
    and pair.baseline_band is not null
    and selected_episode.day_zero between $date_from and $date_to
),
compared as (
  select group_name, count(*) as denominator, count(*) filter (where latest_band = 'not followed up') as missing_n
  from due
  group by group_name
),
cell as (
  -- Every band is listed, also where nobody is in it.
  select 1 as occasion, 'baseline' as statistic, band, sequence
  from mart.instrument_band
  where instrument = $instrument
  union all
  select 2, 'latest', band, sequence
  from mart.instrument_band
  where instrument = $instrument
  union all
  select 2, 'latest', 'not followed up', 99
  where exists (select 1 from mart.instrument_band where instrument = $instrument)
),
counted as (
  select
    compared.group_name,
    cell.band as category,
    cell.statistic,
    cell.occasion,
    cell.sequence,
    count(due.group_name) as numerator,
    compared.denominator,
    if(cell.occasion = 1, 0, compared.missing_n) as missing_n
  from compared
  cross join cell
  left join due
    on due.group_name = compared.group_name
    and cell.band = if(cell.occasion = 1, due.baseline_band, due.latest_band)
  group by all
)
select
  group_name,
  category,
  statistic,
  numerator,
  denominator,
  missing_n
from counted
order by group_name, occasion, sequence
