/*
title = "A price index has every year"
category = "completeness"
counts = "years of price indices"
note = 1
message = "{violations} of {denominator} years of price indices follow a missing year."
remedy = "Costs of a missing year cannot be brought to one price level; add it."
*/
-- One row per index and year.
select
  index_name,
  year,
  coalesce(year - lag(year) over (partition by index_name order by year) > 1, false) as is_violation
from core.price_index
