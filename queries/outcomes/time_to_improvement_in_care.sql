/*
title = "Time to improvement while in care"
question = "How fast do people improve as long as they stay?"
formula = "Kaplan–Meier probability of no reliably better score so far, by days from the baseline; who leaves or is still in care without it is censored."
unit = "share"
higher_is = "worse"
statistic = "survival"
spec = ["OUT-11"]
source = "OUT-11; Kaplan and Meier 1958; thresholds in the instrument table"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "step"
notes = "Only instruments with a published reliable change. Read it beside the time to the first reliable improvement, where leaving competes."
warning = "Leaving is taken as unrelated to improving, which it hardly is: people who do badly leave, and the curve then falls too fast."
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
remains = "without reliable improvement"
median = true
*/
-- One row per compared group and days from the baseline to the first improvement, or to the end of observation.
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
  coalesce(improved.day, baseline.followed_days) as step,
  count(*) filter (where improved.day is not null) as events,
  count(*) filter (where improved.day is null) as censored
from baseline
left join improved on improved.episode_id = baseline.episode_id
group by baseline.group_name, step
order by baseline.group_name, step
