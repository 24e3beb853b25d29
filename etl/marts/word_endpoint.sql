-- One row per weekly word that occurs, definition and rule for missing weeks.
-- Lapse, relapse and dropout by published definitions, worked out once for each different word.
-- order by: endpoint, missing_rule, word
-- column: word: The word as recorded.
-- column: endpoint: lapse (RLP-1), lee_2018 (RLP-2), ctn_0094_relapse (RLP-3), ctn_0094_dropout (RLP-4), krupitsky (RLP-5), lee_2016 (RLP-6), johnson_1992 (RLP-7) or schottenfeld_2008 (RLP-8).
-- column: missing_rule: missing_is_positive or missing_is_negative: how weeks that are missing or mixed count; as_recorded for dropout.
-- column: is_event: The word meets the definition.
-- column: week: Week of the event, or the last week in which it could have begun; empty for definitions that say only yes or no. (weeks)
with reading as (
  -- A word as each rule reads it.
  select recorded_word, length(recorded_word) as weeks, rule.missing_rule, translate(recorded_word, 'o*', rule.letters) as word
  from (select distinct word as recorded_word from mart.evidence_word where weeks > 0) as known_word
  cross join (values ('missing_is_positive', '++'), ('missing_is_negative', '--'), ('as_recorded', 'o*')) as rule (missing_rule, letters)
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
    recorded_word,
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
  recorded_word as word,
  endpoint,
  missing_rule,
  is_event,
  case when week is not null then greatest(week, 0) end::integer as week
from answered
