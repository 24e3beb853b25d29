/*
title = "Few services fall on public holidays"
category = "plausibility"
counts = "service days of outpatient care"
note = "1 %"
warn = "2 %"
message = "{violations} of {denominator} service days are a 1 January, 4 July or 25 December, of which the calendar has 0.8 %."
remedy = "A default date? Look at what was entered on those days."
*/
-- One row per service day of outpatient care.
select day.episode_id, day.service_date, strftime(day.service_date, '%m-%d') in ('01-01', '07-04', '12-25') as is_violation
from mart.service_day as day
join mart.episode as episode using (episode_id)
where episode.level_of_care in ('IOP', 'OP', 'PHP')
