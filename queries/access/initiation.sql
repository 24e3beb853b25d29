/*
title = "Began treatment within 14 days of asking (not a HEDIS rate)"
question = "How many who ask for substance use treatment have it begin within 14 days?"
formula = "Requests followed by a day of substance use treatment or medication on days 0 to 13, over all new requests: no treatment, medication or earlier request in the 60 days before, age 13 or older or not recorded, made at least 47 days before the analysis cut-off."
unit = "share"
higher_is = "better"
statistic = "proportion"
spec = ["RET-01"]
source = "RET-01 after HEDIS IET and its eCQM (look-back 60 days; HEDIS from measurement year 2022 uses 194, from memory); decision 6"
reviewed = "not clinically reviewed"
dated_by = "request"
unit_of_analysis = "request"
axis = "none"
notes = "The index is the first contact, never the first treatment. Requests that led to mental-health care alone are left out. Missing n: requests that led to no episode, whose problem is not recorded: they count, so the rate is a lower bound. Hospice is not in the data. {known_of_requests}"
warning = "Not a HEDIS rate: the index is a request and not a diagnosis, and only services of this clinic are seen."
exclusions = [
  { when = "initiated.request_id is null", because = "Led to mental-health care alone" },
  { when = "initiated.days_since_known <= $lookback_days", because = "Treated, or asked before, in the {$lookback_days} days before", detail = "Treated, or asked before, {initiated.days_since_known} days before the request of {episode.requested_date}" },
  { when = "initiated.age < 13", because = "Younger than 13", detail = "Aged {initiated.age}: younger than 13" },
  { when = "episode.requested_date + 47 > $analysis_cut", because = "Asked less than 47 days before the analysis cut-off", detail = "Asked on {episode.requested_date}, less than 47 days before the analysis cut-off {$analysis_cut}" },
]
evidence = "{if(initiated.initiation_day is null, 'no treatment by day 13', 'first treatment on day ' || initiated.initiation_day)}"

[parameters.lookback_days]
*/
-- One row per compared group.
with new as (
  select initiation.*, group_name
  from selected_request
  join mart.initiation as initiation using (request_id)
  where coalesce(days_since_known > $lookback_days, true)
    and coalesce(initiation.age >= 13, true)
    and initiation.requested_date + 47 <= $analysis_cut
)
select
  group_name,
  count(*) filter (where initiation_day is not null) as numerator,
  count(*) as denominator,
  count(*) filter (where program is null) as missing_n
from new
group by group_name
order by group_name
