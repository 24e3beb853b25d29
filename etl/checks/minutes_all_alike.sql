/*
title = "Lengths of sessions differ within a site"
category = "plausibility"
counts = "sites with 50 or more timed sessions"
warn = 1
message = "At {violations} of {denominator} sites 95 % or more of the attended sessions last the same number of minutes."
remedy = "A default length, not a recorded one: hours are scheduled hours there."
*/
-- One row per site with 50 or more attended sessions with times.
with lengths as (
  select episode_id, actual_minutes, count(*) as sessions
  from mart.session
  where is_attended and actual_minutes is not null
  group by episode_id, actual_minutes
),
by_site as (
  select episode.site, lengths.actual_minutes, sum(lengths.sessions) as sessions
  from lengths
  join mart.episode as episode using (episode_id)
  group by episode.site, lengths.actual_minutes
)
select
  site,
  max_by(actual_minutes, (sessions, actual_minutes)) as usual_minutes,
  max(sessions) as of_that_length,
  sum(sessions) as timed_sessions,
  of_that_length >= 0.95 * timed_sessions as is_violation
from by_site
group by site
having timed_sessions >= 50
