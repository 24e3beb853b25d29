/*
title = "A specimen as a whole fits its substances"
category = "conformance"
counts = "specimens reported both ways"
warn = 1
message = "{violations} of {denominator} specimens are 'negative' or 'not collected' as a whole and have a result for a substance that says otherwise."
remedy = "The substances count; correct the row of the whole."
*/
-- One row per specimen that has a row for the whole and one for a substance.
select
  specimen_id,
  any_value(result) filter (where substance = 'any') as as_a_whole,
  count(*) filter (where substance <> 'any' and result = 'positive') as positives,
  bool_or(substance = 'any' and result = 'not_collected') and bool_or(substance <> 'any' and result in ('positive', 'negative'))
    or bool_or(substance = 'any' and result = 'negative') and bool_or(substance <> 'any' and result = 'positive') as is_violation
from core.toxicology
group by specimen_id
having bool_or(substance = 'any') and bool_or(substance <> 'any')
