/*
title = "Work, study, housing and arrests"
question = "Do more people work or study, have a home and stay out of custody after care than before?"
formula = "Episodes in work or study, in stable housing, or without an arrest in 30 days, at the first interview and at the latest one after it, over episodes with an answer at both."
unit = "share"
higher_is = "better"
statistic = "proportion"
spec = ["OUT-14"]
source = "OUT-14; of the kind of SAMHSA's National Outcome Measures"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "category"
notes = "Both rows of a pair are of the same people. The latest interview may be at the discharge or up to 180 days after it, by the analysis cut-off. Retired and disabled people count as not in work or study. Missing n: an answer at the first interview, the episode closed, and none later."
warning = "Those who left are rarely asked again: the later shares are of those who could be found. Change is not an effect of treatment."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  { when = """not exists (
      select 1 from core.functioning as asked join mart.episode_part as part on part.part_id = asked.episode_id
      where part.episode_id = episode.episode_id and asked.timepoint = 'intake' and asked.asked_date <= $analysis_cut
    )""", because = "Not interviewed at the start" },
  { when = """not exists (
      select 1 from core.functioning as asked join mart.episode_part as part on part.part_id = asked.episode_id
      where part.episode_id = episode.episode_id and asked.timepoint <> 'intake' and asked.asked_date <= $analysis_cut
    )""", because = "Not interviewed again by the analysis cut-off" },
  { when = """not exists (
      select 1
      from core.functioning as asked
      join mart.episode_part as part on part.part_id = asked.episode_id
      join mart.episode_part as later_part on later_part.episode_id = part.episode_id
      join core.functioning as later on later.episode_id = later_part.part_id
      where part.episode_id = episode.episode_id
        and asked.timepoint = 'intake' and later.timepoint <> 'intake'
        and asked.asked_date <= $analysis_cut and later.asked_date <= $analysis_cut
        and (
          (asked.employment <> 'unknown' and later.employment <> 'unknown')
          or (asked.housing <> 'unknown' and later.housing <> 'unknown')
          or (asked.arrests_30_days is not null and later.arrests_30_days is not null)
        )
    )""", because = "No answer to the same question at both interviews" },
]
*/
-- One row per compared group, question and occasion.
with answer as (
  -- One row per interview and question.
  select
    selected_episode.group_name,
    selected_episode.episode_id,
    selected_episode.is_closed,
    functioning.asked_date,
    functioning.timepoint = 'intake' as is_first,
    question.place,
    question.category,
    case question.place
      when 1 then if(functioning.employment = 'unknown', null, functioning.employment in ('full_time', 'part_time', 'student'))
      when 2 then if(functioning.housing = 'unknown', null, functioning.housing = 'stable')
      else functioning.arrests_30_days = 0
    end as is_well
  from selected_episode
  join mart.episode_part as part on part.episode_id = selected_episode.episode_id
  join core.functioning as functioning on functioning.episode_id = part.part_id
  cross join (values (1, 'in work or study'), (2, 'in stable housing'), (3, 'no arrest in 30 days')) as question (place, category)
  where selected_episode.is_started
    and functioning.asked_date <= $analysis_cut
    and selected_episode.day_zero between $date_from and $date_to
),
pair as (
  -- One row per episode and question that was answered at the start.
  select
    group_name,
    episode_id,
    place,
    category,
    any_value(is_closed) as is_closed,
    min_by(is_well, asked_date) filter (where is_first and is_well is not null) as at_first,
    max_by(is_well, asked_date) filter (where not is_first and is_well is not null) as later
  from answer
  group by group_name, episode_id, place, category
  having at_first is not null
),
occasion (sequence, words) as (
  values (1, 'at the start'), (2, 'later')
)
select
  pair.group_name,
  pair.category || ', ' || occasion.words as category,
  count(*) filter (where pair.later is not null and if(occasion.sequence = 1, pair.at_first, pair.later)) as numerator,
  count(pair.later) as denominator,
  count(*) filter (where pair.later is null and pair.is_closed) as missing_n
from pair
cross join occasion
group by pair.group_name, pair.place, pair.category, occasion.sequence, occasion.words
having count(pair.later) > 0
order by pair.group_name, pair.place, occasion.sequence
