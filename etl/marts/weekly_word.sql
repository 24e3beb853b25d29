-- One row per started episode; where words describe persons, one per person, those without an episode too.
-- Weekly words of use from all evidence together: one letter for each week from day 0 on.
-- order by: patient_id, episode_id
-- column: episode_id: Key of the episode; empty for people without one.
-- column: word: One letter a week: + use, - none, * mixed or inconclusive, o nothing known. Empty where use is not followed: a mental-health episode without any test or report of use.
-- column: weeks: Length of the word. (weeks)
-- column: first_week_date: First day of the first week.
select patient_id, episode_id, word, weeks, first_week_date
from mart.evidence_word
where evidence = 'all'
