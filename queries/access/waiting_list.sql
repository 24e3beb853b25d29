/*
title = "Waiting list"
question = "How many people are waiting for their first service, and for how long?"
formula = "Requests that are still waiting at the data cut-off and have had no service, by the days since they asked."
unit = "count"
higher_is = "worse"
statistic = "counts"
spec = ["RET-19"]
source = "Waiting list (decisions, last paragraph)"
reviewed = "not clinically reviewed"
dated_by = "request"
unit_of_analysis = "request"
axis = "category"
partition = true
notes = "Waiting: recorded as waiting, or admitted with an open episode to whose first service they have not come. {known_of_requests}"
exclusions = [
  { when = "episode.first_service_date is not null", because = "Has had a first service", detail = "First service on {episode.first_service_date}" },
  { when = "stay.discharge_date is not null", because = "Admitted and discharged without a service", detail = "Admitted and, on {stay.discharge_date}, discharged without a service" },
  { when = "stay.episode_id is null and coalesce(episode.outcome <> 'waiting', true)", because = "Not waiting: another outcome is recorded, or none", detail = "Not waiting: {coalesce('recorded as ' || replace(episode.outcome, '_', ' '), 'no outcome is recorded')}" },
]
evidence = "{$data_cut - episode.requested_date} days since asking"
*/
-- One row per compared group and band of days waited.
with waiting as (
  select chosen.group_name, $data_cut - chosen.requested_date as days_waited
  from selected_request as chosen
  left join mart.episode as episode on episode.episode_id = chosen.episode_id
  where chosen.first_service_date is null
    and if(episode.episode_id is null, chosen.outcome = 'waiting', episode.discharge_date is null)
),
band (place, category, from_days, below_days) as (
  values
    (1, 'under 7 days', 0, 7),
    (2, '7 to 13 days', 7, 14),
    (3, '14 to 29 days', 14, 30),
    (4, '30 days or more', 30, 1000000)
)
select
  compared.group_name,
  band.category,
  count(waiting.group_name) as count
from (select distinct group_name from waiting) as compared
cross join band
left join waiting
  on waiting.group_name = compared.group_name
  and waiting.days_waited >= band.from_days
  and waiting.days_waited < band.below_days
group by compared.group_name, band.place, band.category
order by compared.group_name, band.place
