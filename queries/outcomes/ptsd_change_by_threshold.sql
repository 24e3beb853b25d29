/*
title = "Change of the PCL-5 by both published thresholds"
question = "Does it matter whether 15 or 18 points are a reliable change of posttraumatic stress?"
formula = "Episodes by the change from the first to the latest PCL-5: better or worse by at least the stricter threshold, by at least the usual one but less than the stricter, or by less; over episodes with both scores."
unit = "share"
higher_is = "neutral"
statistic = "proportion"
spec = ["OUT-03", "OUT-04"]
source = "OUT-03; reliable change of veterans, 15 or 18 points [S51]"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
partition = true
notes = "The shares sum to one. Reliable improvement counts the first two rows, by the usual threshold; by the stricter one only the first. Missing n: a follow-up was due and there is none."
warning = "Of those followed up. Change during treatment is not an effect of treatment."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  { when = "pcl.episode_id is null", because = "The PCL-5 was neither used nor expected" },
  { when = "pcl.baseline_score is null", because = "No first score of the PCL-5" },
  { when = "not pcl.is_due", because = "In care too short for a later score to be due" },
  { when = "not pcl.is_paired", because = "No later score, although one was due" },
]
*/
-- One row per compared group and class of change.
with due as (
  select
    selected_episode.group_name,
    pair.is_paired,
    case
      when not pair.is_paired then null
      when pair.improvement >= instrument.reliable_change_stricter then 1
      when pair.improvement >= instrument.reliable_change then 2
      when pair.improvement > -instrument.reliable_change then 3
      when pair.improvement > -instrument.reliable_change_stricter then 4
      else 5
    end as place
  from selected_episode
  join mart.score_pair as pair on pair.episode_id = selected_episode.episode_id
  join mart.instrument as instrument on instrument.instrument = pair.instrument
  where pair.instrument = 'PCL-5'
    and pair.is_due
    and selected_episode.day_zero between $date_from and $date_to
),
compared as (
  select group_name, count(place) as denominator, count(*) filter (where not is_paired) as missing_n
  from due
  group by group_name
),
class (place, words) as (
  values
    (1, 'better by {stricter} or more'), (2, 'better by {usual} to less than {stricter}'),
    (3, 'changed by less than {usual}'), (4, 'worse by {usual} to less than {stricter}'),
    (5, 'worse by {stricter} or more')
),
category as (
  select
    place,
    replace(replace(words, '{usual}', printf('%g', reliable_change::double)), '{stricter}', printf('%g', reliable_change_stricter::double))
      as category
  from class
  cross join (select reliable_change, reliable_change_stricter from mart.instrument where instrument = 'PCL-5')
)
select
  compared.group_name,
  category.category,
  count(due.place) as numerator,
  compared.denominator,
  compared.missing_n
from compared
cross join category
left join due on due.group_name = compared.group_name and due.place = category.place
where compared.denominator > 0
group by compared.group_name, category.place, category.category, compared.denominator, compared.missing_n
order by compared.group_name, category.place
