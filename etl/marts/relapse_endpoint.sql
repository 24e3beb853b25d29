-- One row per weekly word with a week, definition and rule for missing weeks.
-- Lapse, relapse and dropout by published definitions, on the weekly words.
-- order by: endpoint, missing_rule, patient_id, episode_id
-- column: episode_id: Key of the episode; empty for people without one.
-- column: endpoint: lapse (RLP-1), lee_2018 (RLP-2), ctn_0094_relapse (RLP-3), ctn_0094_dropout (RLP-4), krupitsky (RLP-5), lee_2016 (RLP-6), johnson_1992 (RLP-7) or schottenfeld_2008 (RLP-8).
-- column: missing_rule: missing_is_positive or missing_is_negative: how weeks that are missing or mixed count; as_recorded for dropout.
-- column: is_event: The word meets the definition.
-- column: week: Week of the event, or the last week in which it could have begun; empty for definitions that say only yes or no. (weeks)
with reading as (
  -- A word as each rule reads it.
  select patient_id, episode_id, weeks, 'missing_is_positive' as missing_rule, translate(word, 'o*', '++') as word
  from mart.weekly_word
  where weeks > 0
  union all
  select patient_id, episode_id, weeks, 'missing_is_negative', translate(word, 'o*', '--')
  from mart.weekly_word
  where weeks > 0
  union all
  select patient_id, episode_id, weeks, 'as_recorded', word
  from mart.weekly_word
  where weeks > 0
),
run as (
  -- Where each pattern begins; 0 where it does not occur.
  select
    *,
    instr(word, '+') as first_positive,
    instr(word, '++++') as four_positive,
    instr(substr(word, 3), '++++') as four_positive_after_two,
    instr(word, '+++') as three_positive,
    -- The end of the first two positive weeks that lie within four.
    length(regexp_extract(word, '^.*?\+.{0,2}?\+')) as two_of_four_end,
    contains(substr(word, 4), '++') as is_two_positive_from_four,
    instr(word, 'oooo') as four_missing
  from reading
),
answered as (
  select
    patient_id,
    episode_id,
    missing_rule,
    unnest(
      case
        when missing_rule = 'as_recorded' then [
          {
            endpoint: 'ctn_0094_dropout',
            is_event: four_missing > 0,
            week: if(four_missing > 0, four_missing, weeks - 3)
          }
        ]
        else [
          {endpoint: 'lapse', is_event: first_positive > 0, week: if(first_positive > 0, first_positive, weeks)},
          {
            endpoint: 'ctn_0094_relapse',
            is_event: four_positive > 0,
            week: if(four_positive > 0, four_positive, weeks - 3)
          },
          {
            endpoint: 'lee_2018',
            is_event: four_positive_after_two > 0,
            week: if(four_positive_after_two > 0, four_positive_after_two + 2, weeks - 3)
          },
          {
            endpoint: 'lee_2016',
            is_event: two_of_four_end > 0,
            -- Dated two weeks into the window of four that holds them.
            week: if(two_of_four_end > 0, greatest(two_of_four_end - 3, 1) + 2, weeks - 1)
          },
          {
            endpoint: 'schottenfeld_2008',
            is_event: three_positive > 0,
            week: if(three_positive > 0, three_positive, weeks - 2)
          },
          {endpoint: 'krupitsky', is_event: three_positive > 0, week: null},
          {endpoint: 'johnson_1992', is_event: is_two_positive_from_four, week: null}
        ]
      end,
      recursive := true
    )
  from run
)
select
  patient_id,
  episode_id,
  endpoint,
  missing_rule,
  is_event,
  case when week is not null then greatest(week, 0) end::integer as week
from answered
