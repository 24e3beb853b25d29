/*
title = "Suicide risk on screening"
question = "What is the highest risk that the C-SSRS screener found in care?"
formula = "Episodes by the highest risk of any C-SSRS screen in care, over episodes with a screen: low for items 1 and 2; moderate for item 3, or item 6 in the lifetime; high for items 4 and 5, or item 6 in the past three months."
unit = "share"
higher_is = "worse"
statistic = "proportion"
spec = ["OUT-15"]
source = "OUT-15; C-SSRS screener [S53]"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
partition = true
notes = "The recorded score is the number of the highest item answered yes. Item 6 counts as high unless its look-back is recorded as longer than three months (92 days). Missing n: started episodes without a screen, in groups that use the screener at all."
warning = "Events, not a scale: they are never averaged or followed as a score. A screen is not a diagnosis, and no screen is not no risk."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  { when = "screens.episode_id is null", because = "No C-SSRS screen in care" },
]
*/
-- One row per compared group and level of risk.
with screen as (
  -- One row per screen in care: its level of risk.
  select
    score.episode_id,
    case
      when score.score = 0 then 1
      when score.score <= 2 then 2
      when score.score = 3 or (score.score = 6 and assessments.window_days > 92) then 3
      else 4
    end as risk
  from mart.score as score
  join core.assessments as assessments on assessments.assessment_id = score.assessment_id
  where score.instrument = 'C-SSRS'
    and score.timepoint not like 'followup%'
    and score.assessed_date <= $analysis_cut
),
highest as (
  select episode_id, max(risk) as risk
  from screen
  group by episode_id
),
episode as (
  select selected_episode.group_name, highest.risk
  from selected_episode
  left join highest on highest.episode_id = selected_episode.episode_id
  where selected_episode.is_started
    and selected_episode.day_zero between $date_from and $date_to
),
compared as (
  select group_name, count(risk) as denominator, count(*) filter (where risk is null) as missing_n
  from episode
  group by group_name
),
level (risk, category) as (
  values (1, 'no item'), (2, 'low risk'), (3, 'moderate risk'), (4, 'high risk')
)
select
  compared.group_name,
  level.category,
  count(episode.risk) as numerator,
  compared.denominator,
  compared.missing_n
from compared
cross join level
left join episode on episode.group_name = compared.group_name and episode.risk = level.risk
where compared.denominator > 0
group by compared.group_name, level.risk, level.category, compared.denominator, compared.missing_n
order by compared.group_name, level.risk
