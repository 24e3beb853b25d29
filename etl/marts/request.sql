-- One row per request for care.
-- Requests, and how far each came. Only what is known of every request, started or not, may choose or compare requests.
-- order by: requested_date, request_id
-- column: region: Group of sites of the site that was asked.
-- column: age: Age on the day of the request, or at the admission where there is no birth date. (years)
-- column: age_group: adult (18 or older) or adolescent, by the birth date alone: the age at admission is known only of people who started.
-- column: program: Program of the episode that the request led to; empty for people who never started, whose problem is not recorded.
-- column: episode_id: Episode that the request led to; a restart within a day has the first part's key.
-- column: is_admitted: Led to an episode with an admission by the analysis cut.
-- column: first_service_date: First attended clinical service of that episode; empty without one.
-- column: days_to_service: Days from the request to it, if by the analysis cut; empty for people who have not started. (days)
-- column: attended_days: Days with an attended clinical session up to the analysis cut. (days)
-- column: is_past_day_30: In care after day 30, or completed or stepped down by then.
-- column: is_day_30_known: Day 30 of the episode had come, or the episode ended, by the analysis cut.
select
  requests.request_id,
  requests.patient_id,
  requests.site,
  sites.region,
  requests.level_of_care,
  patients.sex,
  coalesce(date_sub('year', patients.birth_date, requests.requested_date), part_of.age_at_admission)::integer as age,
  age_group_of(date_sub('year', patients.birth_date, requests.requested_date)) as age_group,
  episode.program,
  requests.requested_date,
  requests.assessed_date,
  requests.outcome,
  episode.episode_id,
  coalesce(episode.admission_date <= $analysis_cut, false) as is_admitted,
  episode.day_zero as first_service_date,
  case when episode.is_started then greatest(episode.day_zero - requests.requested_date, 0) end::integer as days_to_service,
  coalesce(episode.attended_days, 0) as attended_days,
  coalesce(episode.time_days > 30 or episode.cause = 'success', false) as is_past_day_30,
  coalesce(episode.time_days > 30 or episode.is_closed or episode.day_zero + 30 < $analysis_cut, false) as is_day_30_known
from core.requests as requests
left join core.sites as sites on sites.site = requests.site
left join core.patients as patients on patients.patient_id = requests.patient_id
left join core.episodes as part_of on part_of.episode_id = requests.episode_id
left join mart.episode_part as part on part.part_id = requests.episode_id
left join mart.episode as episode on episode.episode_id = part.episode_id
