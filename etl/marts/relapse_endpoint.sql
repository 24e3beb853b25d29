-- One row per weekly word with a week, definition and rule for missing weeks.
-- Lapse, relapse and dropout by published definitions, on the weekly words of all evidence together.
-- order by: endpoint, missing_rule, patient_id, episode_id
-- column: episode_id: Key of the episode; empty for people without one.
-- column: endpoint: lapse (RLP-1), lee_2018 (RLP-2), ctn_0094_relapse (RLP-3), ctn_0094_dropout (RLP-4), krupitsky (RLP-5), lee_2016 (RLP-6), johnson_1992 (RLP-7) or schottenfeld_2008 (RLP-8).
-- column: missing_rule: missing_is_positive or missing_is_negative: how weeks that are missing or mixed count; as_recorded for dropout.
-- column: is_event: The word meets the definition.
-- column: week: Week of the event, or the last week in which it could have begun; empty for definitions that say only yes or no. (weeks)
select weekly.patient_id, weekly.episode_id, endpoint.endpoint, endpoint.missing_rule, endpoint.is_event, endpoint.week
from mart.weekly_word as weekly
join mart.word_endpoint as endpoint on endpoint.word = weekly.word
