/*
title = "Time to the first reliable improvement"
question = "By which week have people first improved by more than measurement error, or left without it?"
formula = "Aalen–Johansen cumulative incidence of the first score that is better than the baseline by the reliable change, with leaving before it as the competing event, at days 14, 28, 42, 56 and 84 after the baseline; and the first day by which half have improved."
unit = "share"
higher_is = "neutral"
statistic = "competing"
spec = ["OUT-11"]
source = "OUT-11; Aalen and Johansen 1978; thresholds in the instrument table"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "step"
partition = true
notes = "Missing n: still in care and not improved at the analysis cut-off, so censored. Only instruments with a published reliable change. The shares of a day sum to one. The median row is in days."
warning = "First improvement need not last, and more frequent scores find it earlier. Change during treatment is not an effect of treatment."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  { when = "first_score.episode_id is null", because = "No first score of the {$instrument}" },
]
evidence = "first score {printf('%g', first_score.score)} on {first_score.assessed_date}"

[parameters.instrument]
shared = "local_instrument"

[options]
at = [14, 28, 42, 56, 84]
causes = ["reliably improved", "left without improvement"]
retained_label = "in care, not yet improved"
median = "reliably improved"
*/
-- One row per compared group, what came first, and days from the baseline to it.
with baseline as (
  -- One row per episode with a first score: how long it was followed from that score.
  select
    selected_episode.group_name,
    selected_episode.episode_id,
    selected_episode.is_closed,
    score.assessed_date,
    score.score,
    score.instrument_version,
    greatest(selected_episode.day_zero + selected_episode.time_days - score.assessed_date, 0)::integer as followed_days
  from selected_episode
  join mart.score as score on score.episode_id = selected_episode.episode_id
  where score.instrument = $instrument
    and score.is_baseline
    and selected_episode.is_started
    and selected_episode.day_zero between $date_from and $date_to
),
improved as (
  -- The day of the first reliably better score; a score just after the exit counts on the day of the exit.
  select baseline.episode_id, min(least(later.assessed_date - baseline.assessed_date, followed_days)) as day
  from baseline
  join mart.instrument as instrument on instrument.instrument = $instrument
  join mart.score as later
    on later.episode_id = baseline.episode_id
    and later.instrument = $instrument
    and later.instrument_version is not distinct from baseline.instrument_version
    and later.assessed_date > baseline.assessed_date
  where (later.assessed_date <= baseline.assessed_date + followed_days or later.is_latest)
    and if(instrument.higher_is = 'worse', baseline.score - later.score, later.score - baseline.score)
      >= instrument.reliable_change
  group by baseline.episode_id
)
select
  baseline.group_name,
  case
    when improved.day is not null then 'reliably improved'
    when baseline.is_closed then 'left without improvement'
    else 'open'
  end as category,
  coalesce(improved.day, baseline.followed_days) as step,
  count(*) as events
from baseline
left join improved on improved.episode_id = baseline.episode_id
group by baseline.group_name, category, step
order by baseline.group_name, category, step
