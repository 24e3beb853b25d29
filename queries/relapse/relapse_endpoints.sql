/*
title = "Relapse by every definition"
question = "How many relapsed, by each published definition?"
formula = "Episodes that meet the rule on their weekly word, over all that had ended by the analysis cut-off and have a word, with weeks that are missing or mixed counted as positive and as negative; CTN-0094 dropout beside them on the word as recorded."
unit = "share"
higher_is = "worse"
statistic = "proportion"
spec = ["RLP-1", "RLP-2", "RLP-3", "RLP-4", "RLP-5", "RLP-6", "RLP-7", "RLP-8"]
source = "RLP-1 to RLP-8; weekly words and rules as coded in CTNote"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
notes = "All evidence: a week is positive if any source is. Collateral is what others, charts and claims tell. The statistic names the rule for missing weeks. Missing n: episodes whose answer changes with the rule."
warning = "With missing counted as positive, four weeks without contact are a relapse: read CTN-0094 relapse together with CTN-0094 dropout."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "no_word",
  "still_open",
]
evidence = "word"

[parameters.evidence]
type = "text"
default = "all"
label = "What shows use"
choices = ["all", "self-report", "urine", "collateral"]

[options]
nested = true
*/
-- One row per compared group, definition and rule for missing weeks (in the column statistic).
with definition (sequence, endpoint, category) as (
  values
    (1, 'lapse', 'Any use (RLP-1)'),
    (2, 'ctn_0094_relapse', 'CTN-0094 relapse (RLP-3)'),
    (3, 'ctn_0094_dropout', 'CTN-0094 dropout (RLP-4)'),
    (4, 'lee_2018', 'Lee 2018 (RLP-2)'),
    (5, 'lee_2016', 'Lee 2016 (RLP-6)'),
    (6, 'schottenfeld_2008', 'Schottenfeld 2008 (RLP-8)'),
    (7, 'krupitsky', 'Krupitsky 2004, 2006 (RLP-5)'),
    (8, 'johnson_1992', 'Johnson 1992 (RLP-7)')
),
answered as (
  -- One row per episode that had ended, definition and rule.
  select
    selected_episode.group_name,
    answer.endpoint,
    answer.missing_rule,
    answer.is_event,
    bool_or(answer.is_event) over same_definition is distinct from bool_and(answer.is_event) over same_definition
      as is_by_rule
  from selected_episode
  join mart.evidence_word as weekly
    on weekly.episode_id = selected_episode.episode_id and weekly.evidence = $evidence
  join mart.word_endpoint as answer on answer.word = weekly.word
  where weekly.weeks > 0
    and selected_episode.is_closed
    and selected_episode.day_zero between $date_from and $date_to
  window same_definition as (partition by weekly.episode_id, answer.endpoint)
)
select
  answered.group_name,
  definition.category,
  answered.missing_rule as statistic,
  count(*) filter (where answered.is_event) as numerator,
  count(*) as denominator,
  count(*) filter (where answered.is_by_rule) as missing_n
from answered
join definition on definition.endpoint = answered.endpoint
group by answered.group_name, definition.category, definition.sequence, answered.missing_rule
order by answered.group_name, definition.sequence, answered.missing_rule
