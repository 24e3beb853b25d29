/*
title = "Day and evening tracks meet on weekdays"
category = "plausibility"
counts = "service days of day and evening tracks"
note = "5 %"
warn = "25 %"
message = "{violations} of {denominator} service days of day and evening tracks are a Saturday or Sunday."
remedy = "Are dates shifted by a day, or times in another zone?"
*/
-- One row per service day of a day or evening track.
select day.episode_id, day.service_date, dayofweek(day.service_date) in (0, 6) as is_violation
from mart.service_day as day
join mart.episode as episode using (episode_id)
where episode.track in ('day', 'evening')
