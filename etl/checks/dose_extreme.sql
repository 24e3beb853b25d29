/*
title = "Doses are within the usual"
category = "plausibility"
counts = "doses with an amount"
note = 1
warn = "1 %"
message = "{violations} of {denominator} doses are above 300 mg of methadone, 48 mg of buprenorphine or 400 mg of naltrexone."
remedy = "Check the unit; an injection counts 1."
*/
-- One row per dose with an amount.
select
  patient_id,
  medication,
  dose_date,
  amount,
  amount > case medication when 'methadone' then 300 when 'buprenorphine' then 48 when 'naltrexone' then 400 else 10000 end
    as is_violation
from core.medications
where amount is not null
