-- One row per started episode and kind of evidence; where words describe persons, one per person, those without an episode too.
-- Weekly words of use by what shows it: one letter for each week from day 0 on.
-- order by: patient_id, episode_id, evidence
-- column: episode_id: Key of the episode; empty for people without one.
-- column: evidence: urine, self-report, collateral (reports by others, charts and claims), or all of them together as the rule use_sources says.
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
evidence (name) as (
  values ('all'), ('urine'), ('self-report'), ('collateral')
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
    $word_negative_specimen = 'counted' and result in ('invalid', 'dilute', 'pending') as is_inconclusive,
    'urine' as source
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
    not is_positive as is_negative,
    false as is_inconclusive,
    if(report_source = 'self_report', 'self-report', 'collateral') as source
  from core.use_events
  where coalesce(window_days, 1) <= 7
),
seen as (
  select * from tested
  union all
  select * from reported
  union all
  select episode_id, patient_id, session_date, false, true, false, 'urine'
  from mart.session
  where $word_attended_without_specimen = '-' and is_attended and is_clinical
),
known as (
  select episode_id, patient_id, day, is_positive, is_negative, is_inconclusive, source as evidence
  from seen
  union all
  -- That others saw no use does not show, for the whole, that there was none.
  select episode_id, patient_id, day, is_positive, is_negative and source <> 'collateral', is_inconclusive, 'all'
  from seen
  where source = 'urine' or contains($use_sources, 'reports')
),
placed as (
  select member.person, evidence, known.day, member.first_date, is_positive, is_negative, is_inconclusive
  from known
  join member on member.part_id = known.episode_id and known.day between member.first_date and member.last_date
  union all
  select numbered.person, evidence, known.day, numbered.first_date, is_positive, is_negative, is_inconclusive
  from known
  join numbered on numbered.patient_id = known.patient_id and known.day between numbered.first_date and numbered.last_date
  where numbered.episode_id is null
),
known_day as (
  -- A day with use is not a negative day.
  select
    person,
    evidence,
    (day - first_date) // 7 + 1 as week,
    bool_or(is_positive) as is_positive,
    bool_or(is_negative) and not bool_or(is_positive) as is_negative,
    bool_or(is_inconclusive) as is_inconclusive
  from placed
  group by person, evidence, day, first_date
),
known_week as (
  select
    person,
    evidence,
    week,
    case
      when bool_or(is_positive) and bool_or(is_negative) then $word_mixed_week
      when bool_or(is_positive) then '+'
      when bool_or(is_negative) then '-'
      when bool_or(is_inconclusive) then '*'
    end as letter
  from known_day
  group by person, evidence, week
),
week as (
  select
    numbered.person,
    evidence.name as evidence,
    numbered.weeks,
    slot.week,
    known_week.letter,
    -- A last week of fewer than seven days is in every string where the whole knows something of it, or in none.
    7 * slot.week > last_date - first_date + 1 and whole.letter is null as is_unknown_short_week
  from numbered
  cross join evidence
  cross join unnest(generate_series(1, numbered.weeks)) as slot (week)
  left join known_week
    on known_week.person = numbered.person and known_week.evidence = evidence.name and known_week.week = slot.week
  left join known_week as whole
    on whole.person = numbered.person and whole.evidence = 'all' and whole.week = slot.week
),
worded as (
  select
    person,
    evidence,
    string_agg(coalesce(letter, 'o'), '' order by week) as word,
    bool_or(letter is not null) as is_known
  from week
  where not is_unknown_short_week or $word_short_last_week = 'keep'
  group by person, evidence
),
followed as (
  -- Where the whole word knows nothing of a mental-health episode, no string of it is kept.
  select
    numbered.*,
    evidence.name as evidence,
    worded.word,
    program is distinct from 'MH'
      or coalesce(bool_or(worded.is_known) filter (where evidence.name = 'all') over (partition by numbered.person), false)
      as is_followed
  from numbered
  cross join evidence
  left join worded on worded.person = numbered.person and worded.evidence = evidence.name
)
select
  patient_id,
  episode_id,
  evidence,
  if(is_followed, coalesce(word, ''), '') as word,
  if(is_followed, coalesce(length(word), 0), 0)::integer as weeks,
  first_date as first_week_date
from followed
