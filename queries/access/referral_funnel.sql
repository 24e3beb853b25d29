/*
title = "From request to day 30"
question = "Where do people get lost between the first call and day 30?"
formula = "Requests that reached each stage and all before it: assessed, admitted, a fourth day with an attended service, day 30 (in care after it, or completed or stepped down by then); over all requests made long enough ago."
unit = "share"
higher_is = "better"
statistic = "proportion"
spec = ["RET-20"]
source = "RET-20; the unit of care of an intensive outpatient program is a day (NIATx)"
reviewed = "not clinically reviewed"
dated_by = "request"
unit_of_analysis = "request"
axis = "category"
notes = "Every stage is over all requests, so that the losses add up. An admission without a recorded assessment counts as assessed. Missing n: requests without an episode whose outcome is not recorded; at day 30 also admissions whose day 30 had not come. {known_of_requests}"
exclusions = [
  { when = "episode.requested_date + $followed_days > $analysis_cut", because = "Asked less than {$followed_days} days before the analysis cut-off", detail = "Asked on {episode.requested_date}, less than {$followed_days} days before the analysis cut-off {$analysis_cut}" },
]
evidence = "asked on {episode.requested_date}"

[parameters.followed_days]
type = "integer"
default = 90
label = "Asked at least this many days before the cut-off"

[options]
nested = true
ordered = true
*/
-- One row per compared group and stage.
with followed as (
  select
    group_name,
    is_admitted,
    is_admitted or coalesce(assessed_date <= $analysis_cut, false) as is_assessed,
    is_admitted and attended_days >= 4 as has_four_days,
    is_past_day_30,
    not is_admitted and coalesce(outcome, 'unknown') = 'unknown' as is_unknown,
    is_admitted and first_service_date is not null and not is_day_30_known as is_early
  from selected_request
  where requested_date + $followed_days <= $analysis_cut
),
stage (place, category) as (
  values (1, 'asked'), (2, 'assessed'), (3, 'admitted'), (4, 'fourth day of service'), (5, 'day 30')
)
select
  group_name,
  category,
  count(*) filter (
    where case place
      when 1 then true
      when 2 then is_assessed
      when 3 then is_admitted
      when 4 then has_four_days
      else has_four_days and is_past_day_30
    end
  ) as numerator,
  count(*) as denominator,
  count(*) filter (where (place > 1 and is_unknown) or (place = 5 and is_early)) as missing_n
from followed
cross join stage
group by group_name, place, category
order by group_name, place
