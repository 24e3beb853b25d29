/*
title = "A price has one value at a time"
category = "conformance"
counts = "prices"
warn = 1
message = "{violations} of {denominator} prices begin before the last one of the same payer, code and setting has ended."
remedy = "Give `effective_to` to the older price."
*/
-- One row per price.
select
  payer,
  billing_code,
  setting,
  effective_from,
  effective_to,
  coalesce(
    effective_from <= lag(coalesce(effective_to, date '9999-12-31'))
      over (partition by payer, billing_code, setting order by effective_from),
    false
  ) or coalesce(effective_to < effective_from, false) as is_violation
from core.rates
