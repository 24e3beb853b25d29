/*
title = "Engaged after the first service (IET-like, not HEDIS)"
question = "How many of those who start come back at least twice in the 34 days after?"
formula = "Episodes with attended clinical services on at least two more days within 34 days after day 0, over all episodes that could be followed for these 34 days."
unit = "share"
higher_is = "better"
statistic = "proportion"
spec = ["RET-03"]
source = "RET-03, a facility's adaptation of HEDIS engagement (RET-02)"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
axis = "none"
notes = "Services on one day count once: the unit of care is a day. Only services of this episode; those elsewhere are not seen. Nobody is missing: an episode without a service on record has none."
warning = "IET-like, not HEDIS: it begins with the first service, so those who never came are not in the denominator."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  { name = "too_recent", days = "34" },
]
*/
-- One row per compared group.
with followed as (
  select
    selected_episode.group_name,
    selected_episode.episode_id,
    count(service_day.service_date) as later_days
  from selected_episode
  left join mart.service_day as service_day
    on service_day.episode_id = selected_episode.episode_id
    and service_day.service_date between selected_episode.day_zero + 1 and selected_episode.day_zero + 34
  where selected_episode.is_started
    and selected_episode.day_zero between $date_from and $date_to
    and selected_episode.day_zero + 34 <= $analysis_cut
  group by selected_episode.group_name, selected_episode.episode_id
)
select
  group_name,
  count(*) filter (where later_days >= 2) as numerator,
  count(*) as denominator,
  0 as missing_n
from followed
group by group_name
order by group_name
