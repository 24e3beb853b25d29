/*
title = "Change after week 4, by hours of the first four weeks"
question = "Do people who got more hours in their first four weeks improve more afterwards?"
formula = "Mean of the latest score less the score of week 4, over those still in care on day 28, by attended clinical hours of days 0 to 27."
unit = "points"
higher_is = "neutral"
statistic = "mean_change"
spec = ["OUT-01", "decision 14"]
source = "Decision 14: landmark at week 4; t interval"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
notes = "Score of week 4: the last of days 21 to 27; latest: the last after it in care, of the same version. Bands: 24 hours are six a week, 36 are nine. Missing n: in care on day 28, in whose episode the instrument was used or expected, without one of the two scores. A fall is better except for BAM-Protective and WHO-5."
warning = "Counting from day 28 keeps early leavers from passing for a small dose. It does not make the groups alike: who attends more differs in severity, work, transport and hope. An association, not an effect of dose."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  "not_used",
  "still_open",
  { when = "episode.time_days <= 28", because = "Not in care on day 28", detail = "Left on day {episode.time_days}: not in care on day 28" },
  { when = "landmark.episode_id is null", because = "No score in week 4 (days 21 to 27)" },
  { when = "landmark.later is null", because = "No later score of the same version in care", detail = "A score of {printf('%g', landmark.score)} on {landmark.assessed_date}, and no later one of the same version in care" },
]
evidence = "{printf('%g', landmark.score)} on {landmark.assessed_date}, {printf('%g', landmark.later)} at last"

[parameters.instrument]

[options]
ordered = true
*/
-- One row per compared group and band of hours.
with in_care as (
  -- One row per episode in care on day 28 that used, or was expected to use, the instrument.
  select selected_episode.group_name, selected_episode.episode_id, selected_episode.day_zero
  from selected_episode
  join mart.score_pair as pair on pair.episode_id = selected_episode.episode_id
  where pair.instrument = $instrument
    and selected_episode.time_days > 28
    and selected_episode.is_closed
    and selected_episode.day_zero between $date_from and $date_to
),
dose as (
  select in_care.episode_id, sum(session.counted_minutes) / 60 as hours
  from in_care
  join mart.session as session on session.episode_id = in_care.episode_id
  where session.session_date between in_care.day_zero and in_care.day_zero + 27
  group by in_care.episode_id
),
landmark as (
  select
    score.episode_id,
    max_by(score.score, (score.assessed_date, score.assessment_id)) as score,
    max(score.assessed_date) as assessed_date,
    max_by(score.instrument_version, (score.assessed_date, score.assessment_id)) as instrument_version
  from mart.score as score
  join in_care on in_care.episode_id = score.episode_id
  where score.instrument = $instrument and score.day_of_care between 21 and 27
  group by score.episode_id
),
later as (
  select score.episode_id, max_by(score.score, (score.assessed_date, score.assessment_id)) as score
  from mart.score as score
  join landmark on landmark.episode_id = score.episode_id
  join mart.episode as episode on episode.episode_id = score.episode_id
  where score.instrument = $instrument
    and score.instrument_version is not distinct from landmark.instrument_version
    and score.assessed_date > landmark.assessed_date
    and score.timepoint not like 'followup%'
    and (score.day_of_care <= episode.time_days or score.is_latest)
    and score.assessed_date <= $analysis_cut
  group by score.episode_id
),
changed as (
  select
    in_care.group_name,
    case
      when coalesce(dose.hours, 0) < 24 then 1
      when dose.hours < 36 then 2
      else 3
    end as band,
    later.score - landmark.score as change
  from in_care
  left join dose on dose.episode_id = in_care.episode_id
  left join landmark on landmark.episode_id = in_care.episode_id
  left join later on later.episode_id = in_care.episode_id
)
select
  group_name,
  ['under 24 hours', '24 to under 36 hours', '36 hours or more'][band] as category,
  count(change) as n,
  coalesce(sum(change), 0) as sum_x,
  coalesce(sum(change * change), 0) as sum_xx,
  count(*) filter (where change is null) as missing_n
from changed
group by group_name, band
order by group_name, band
