/*
title = "Alcohol and drug screens at the start"
question = "How severe was alcohol or drug use before care?"
formula = "Episodes by the band of the first AUDIT, DAST-10 or AUDIT-C score, over episodes with one. The AUDIT-C is positive from 3 points for women and from 4 for men."
unit = "share"
higher_is = "neutral"
statistic = "proportion"
spec = ["OUT-02"]
source = "OUT-02; AUDIT [S41][S42], DAST-10 [S46][S48], AUDIT-C [S44]"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
partition = true
notes = "Missing n: the instrument was expected and has no first score; on the AUDIT-C also 3 points where the sex is not recorded as female or male."
warning = "Baseline only: these instruments look back over a year and cannot show change in weeks."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  { when = "expected.episode_id is null", because = "The {$screener} was neither used nor expected" },
  { when = "screened.score is null", because = "No first score of the {$screener}" },
  { when = "$screener = 'AUDIT-C' and screened.score = 3 and coalesce(episode.sex not in ('female', 'male'), true)", because = "3 points on the AUDIT-C, and the sex is not recorded as female or male" },
  { when = "$screener <> 'AUDIT-C' and screened.band is null", because = "This version of the {$screener} has no bands" },
]
evidence = "first score {printf('%g', screened.score)} on {screened.assessed_date}"

[parameters.screener]
type = "text"
default = "AUDIT"
label = "Instrument"
choices = ["AUDIT", "DAST-10", "AUDIT-C"]
*/
-- One row per compared group and band.
with expected as (
  -- One row per started episode in which the instrument was used or expected.
  select distinct part.episode_id
  from core.assessments as assessments
  join mart.episode_part as part on part.part_id = assessments.episode_id
  where assessments.instrument = $screener
),
screened as (
  select
    selected_episode.group_name,
    case
      when $screener <> 'AUDIT-C' then score.band
      when score.score >= 4 or (score.score >= 3 and sex = 'female') then 'at or above the cut-off'
      when score.score < 3 or (score.score = 3 and sex = 'male') then 'below the cut-off'
    end as band
  from selected_episode
  join expected on expected.episode_id = selected_episode.episode_id
  left join mart.score as score
    on score.episode_id = selected_episode.episode_id and score.instrument = $screener and score.is_baseline
  where selected_episode.is_started
    and selected_episode.day_zero between $date_from and $date_to
),
compared as (
  select group_name, count(band) as denominator, count(*) filter (where band is null) as missing_n
  from screened
  group by group_name
),
cell as (
  -- Every band is listed, also where nobody is in it.
  select band, sequence
  from mart.instrument_band
  where instrument = $screener
  union all
  select unnest(['below the cut-off', 'at or above the cut-off']), unnest([1, 2])
  where $screener = 'AUDIT-C'
)
select
  compared.group_name,
  cell.band as category,
  count(screened.band) as numerator,
  compared.denominator,
  compared.missing_n
from compared
cross join cell
left join screened on screened.group_name = compared.group_name and screened.band = cell.band
where compared.denominator > 0
group by compared.group_name, cell.band, cell.sequence, compared.denominator, compared.missing_n
order by compared.group_name, cell.sequence
