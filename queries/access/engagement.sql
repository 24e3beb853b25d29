/*
title = "Engaged in treatment after asking (not a HEDIS rate)"
question = "How many who ask for substance use treatment begin it and come back?"
formula = "Requests with initiation (day 0 to 13) and, within the 34 days after it, at least two more days of treatment or medication or one long-acting injection, over the same new requests as initiation."
unit = "share"
higher_is = "better"
statistic = "proportion"
spec = ["RET-02"]
source = "RET-02 after HEDIS IET and its eCQM; decision 6"
reviewed = "not clinically reviewed"
dated_by = "request"
unit_of_analysis = "request"
axis = "none"
notes = "Counted from the day after initiation. Services on one day count once: the unit of care is a day. Long-acting: an injection of naltrexone; one of buprenorphine counts as one day, since the data do not tell it from a tablet. Requests that led to mental-health care alone are left out. Missing n: requests that led to no episode, whose problem is not recorded: they count, so the rate is a lower bound. {known_of_requests}"
warning = "Not a HEDIS rate: the index is a request and not a diagnosis, and only services of this clinic are seen."
exclusions = [
  { when = "initiated.request_id is null", because = "Led to mental-health care alone" },
  { when = "initiated.days_since_known <= $lookback_days", because = "Treated, or asked before, in the {$lookback_days} days before", detail = "Treated, or asked before, {initiated.days_since_known} days before the request of {episode.requested_date}" },
  { when = "initiated.age < 13", because = "Younger than 13", detail = "Aged {initiated.age}: younger than 13" },
  { when = "episode.requested_date + 47 > $analysis_cut", because = "Asked less than 47 days before the analysis cut-off", detail = "Asked on {episode.requested_date}, less than 47 days before the analysis cut-off {$analysis_cut}" },
]
evidence = "{if(initiated.initiation_day is null, 'no treatment by day 13', 'first treatment on day ' || initiated.initiation_day || ', ' || initiated.engagement_days || ' more days in the 34 after it')}"

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
  count(*) filter (where initiation_day is not null and (engagement_days >= 2 or has_long_acting)) as numerator,
  count(*) as denominator,
  count(*) filter (where program is null) as missing_n
from new
group by group_name
order by group_name
