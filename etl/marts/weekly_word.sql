-- One row per started episode; where words describe persons, one per person, those without an episode too.
-- Weekly words of use: one letter for each week from day 0 on.
-- order by: patient_id, episode_id
-- column: episode_id: Key of the episode; empty for people without one.
-- column: word: One letter a week: + use, - none, * mixed or inconclusive, o nothing known. Empty where use is not followed: a mental-health episode without any test or report of use.
-- column: weeks: Length of the word. (weeks)
-- column: first_week_date: First day of the first week.
with asked as (
  select patient_id, min(requested_date) as requested_date
  from core.requests
  where $word_unit = 'person' or $word_ends = 'days_after_request'
  group by patient_id
),
person as (
  -- Everybody who has a word, with its first and last day.
  select
    episode.patient_id,
    episode.episode_id,
    episode.program,
    episode.day_zero as first_date,
    least(
      case when $word_ends = 'days_after_request' then asked.requested_date + $word_days_after_request else open_until end,
      $data_cut
    ) as last_date
  from mart.episode as episode
  left join asked on asked.patient_id = episode.patient_id
  where episode.is_started
  -- The word of a person is that of the first episode.
  qualify $word_unit = 'episode'
    or row_number() over (partition by episode.patient_id order by first_date, episode.episode_id) = 1
  union all
  select patient_id, null, null, requested_date, least(requested_date + $word_days_after_request, $data_cut)
  from asked
  where $word_unit = 'person' and patient_id not in (select patient_id from core.episodes)
),
numbered as (
  select *, row_number() over (order by patient_id, episode_id) as person, (last_date - first_date) // 7 + 1 as weeks
  from person
  where last_date >= first_date
),
member as (
  -- The exported episodes of each word.
  select numbered.person, numbered.first_date, numbered.last_date, part.part_id
  from numbered
  join mart.episode_part as part on part.episode_id = numbered.episode_id
),
tested as (
  select
    episode_id,
    patient_id,
    specimen_date as day,
    result = 'positive'
      and ($word_prescribed_positive = 'counted' or not coalesce(is_prescribed, false))
      and ($use_substances = 'any' or list_contains(string_split($use_substances, ' '), substance)) as is_positive,
    $word_negative_specimen = 'counted' and result in ('negative', 'positive') as is_negative,
    $word_negative_specimen = 'counted' and result in ('invalid', 'dilute', 'pending') as is_inconclusive
  from core.toxicology
  where result not in ('not_collected', 'not_reported')
),
reported as (
  -- A report over up to a week belongs to the week that holds its middle; a longer one does not say which week.
  select
    episode_id,
    patient_id,
    event_date - coalesce(window_days, 1) // 2 as day,
    substance <> 'none'
      and coalesce(days_used, 1) > 0
      and ($use_substances = 'any' or list_contains(string_split($use_substances, ' '), substance)) as is_positive,
    report_source = 'self_report' and not is_positive as is_negative,
    false as is_inconclusive
  from core.use_events
  where contains($use_sources, 'reports')
    and coalesce(window_days, 1) <= 7
),
known as (
  select * from tested
  union all
  select * from reported
  union all
  select episode_id, patient_id, session_date, false, true, false
  from mart.session
  where $word_attended_without_specimen = '-' and is_attended and is_clinical
),
placed as (
  select member.person, known.day, member.first_date, is_positive, is_negative, is_inconclusive
  from known
  join member on member.part_id = known.episode_id and known.day between member.first_date and member.last_date
  union all
  select numbered.person, known.day, numbered.first_date, is_positive, is_negative, is_inconclusive
  from known
  join numbered on numbered.patient_id = known.patient_id and known.day between numbered.first_date and numbered.last_date
  where numbered.episode_id is null
),
known_day as (
  -- A day with use is not a negative day.
  select
    person,
    (day - first_date) // 7 + 1 as week,
    bool_or(is_positive) as is_positive,
    bool_or(is_negative) and not bool_or(is_positive) as is_negative,
    bool_or(is_inconclusive) as is_inconclusive
  from placed
  group by person, day, first_date
),
known_week as (
  select
    person,
    week,
    case
      when bool_or(is_positive) and bool_or(is_negative) then $word_mixed_week
      when bool_or(is_positive) then '+'
      when bool_or(is_negative) then '-'
      when bool_or(is_inconclusive) then '*'
    end as letter
  from known_day
  group by person, week
),
week as (
  select
    numbered.person,
    numbered.weeks,
    slot.week,
    known_week.letter,
    7 * slot.week > last_date - first_date + 1 as is_short
  from numbered
  cross join unnest(generate_series(1, numbered.weeks)) as slot (week)
  left join known_week on known_week.person = numbered.person and known_week.week = slot.week
),
worded as (
  select
    person,
    string_agg(coalesce(letter, 'o'), '' order by week) as word,
    bool_or(letter is not null) as is_known
  from week
  where not is_short or $word_short_last_week = 'keep' or letter is not null
  group by person
)
select
  numbered.patient_id,
  numbered.episode_id,
  case when program = 'MH' and not is_known then '' else coalesce(word, '') end as word,
  case when program = 'MH' and not is_known then 0 else coalesce(length(word), 0) end::integer as weeks,
  numbered.first_date as first_week_date
from numbered
left join worded on worded.person = numbered.person
