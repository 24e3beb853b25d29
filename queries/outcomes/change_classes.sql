/*
title = "Classes of change"
question = "How many recovered, improved, stayed the same, or became worse?"
formula = "Recovered: reliably improved and no longer beyond the clinical cut-off; improved: reliably improved otherwise; deteriorated: reliably worse; unchanged: none of these. Over all episodes with a baseline and a follow-up due."
unit = "share"
higher_is = "neutral"
statistic = "proportion"
spec = ["OUT-03", "OUT-04", "OUT-06"]
source = "OUT-03, OUT-04, OUT-06; Jacobson and Truax 1991"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
partition = true
notes = "Those not followed up are a class of their own, so that the classes sum to everybody; they are the missing n too."
warning = "Change during treatment. Without a comparison it is not an effect of treatment."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "not_used",
  "no_first_score",
  "not_due",
]
evidence = "scores"

[parameters.instrument]
*/
-- One row per compared group and class of change; one row without a class where no reliable change is published.
with due as (
  -- One row per episode with a baseline for which a later score was due.
  select
    selected_episode.group_name,
    case
      when not pair.is_paired then 'not followed up'
      when pair.is_reliably_recovered then 'recovered'
      when pair.is_reliably_improved then 'improved'
      when pair.is_reliably_deteriorated then 'deteriorated'
      else 'unchanged'
    end as category,
    pair.reliable_change is null as is_undefined
  from selected_episode
  join mart.score_pair as pair on pair.episode_id = selected_episode.episode_id
  where pair.instrument = $instrument
    and pair.is_due
    and selected_episode.day_zero between $date_from and $date_to
),
compared as (
  select
    group_name,
    count(*) as denominator,
    count(*) filter (where category = 'not followed up') as missing_n,
    bool_and(is_undefined) as is_undefined
  from due
  group by group_name
),
class (sequence, category) as (
  values (1, 'recovered'), (2, 'improved'), (3, 'unchanged'), (4, 'deteriorated'), (5, 'not followed up')
),
counted as (
  select
    compared.group_name,
    class.sequence,
    class.category,
    count(due.group_name) as numerator,
    compared.denominator,
    compared.missing_n,
    null as unavailable
  from compared
  cross join class
  left join due on due.group_name = compared.group_name and due.category = class.category
  where not compared.is_undefined
  group by all
  union all
  select group_name, 0, '', null, denominator, missing_n, 'not defined: no reliable change is published for ' || $instrument
  from compared
  where is_undefined
)
select
  group_name,
  category,
  numerator,
  denominator,
  missing_n,
  unavailable
from counted
order by group_name, sequence
