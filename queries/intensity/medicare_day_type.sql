/*
title = "Services a day, as Medicare pays them"
question = "How many days of service would Medicare pay at the rate for three services, or for four or more?"
formula = "Days with an attended clinical session, by the number of sessions: under three, three, four or more; days with three or more of which none is psychotherapy (group, individual or family) are a class of their own; over all days with one."
unit = "share"
higher_is = "neutral"
statistic = "cluster_ratio"
spec = ["INT-14"]
source = "INT-14; Medicare IOP per diem of CY2024: three services, or four or more, with at least one primary service"
reviewed = "not clinically reviewed"
dated_by = "day of service"
unit_of_analysis = "service day"
axis = "category"
partition = true
notes = "The shares sum to one. All payers, unless you choose Medicare. One session counts as one service: where a record holds several billed codes, or several records one code, the classes shift. Psychotherapy stands for Medicare's list of primary services; visits of an unstated kind are not in it. Persons are the clusters of the interval."
warning = "What was delivered, not what may be billed: certification, plan of care and coding are not looked at."
exclusions = [
  { when = "days.episode_id is null", because = "No clinical session was attended up to the analysis cut-off" },
  { when = "days.dated = 0", because = "No day with a service within the chosen dates" },
]
*/
-- One row per compared group and class of day.
with day as (
  select
    selected_episode.group_name,
    selected_episode.patient_id,
    case
      when services < 3 then 1
      when primary_services = 0 then 4
      when services = 3 then 2
      else 3
    end as place
  from selected_episode
  join mart.service_day as service_day on service_day.episode_id = selected_episode.episode_id
  where service_day.is_before_cut
    and service_day.service_date between $date_from and $date_to
),
person as (
  -- One row per group and person, with the days of each class.
  select
    group_name,
    patient_id,
    [count(*) filter (where place = 1), count(*) filter (where place = 2),
      count(*) filter (where place = 3), count(*) filter (where place = 4)] as days,
    count(*) as all_days
  from day
  group by group_name, patient_id
),
class as (
  select
    group_name,
    unnest([1, 2, 3, 4]) as place,
    unnest(['under 3 services', '3 services', '4 or more services', '3 or more, none primary']) as category,
    unnest(days) as days,
    all_days
  from person
)
select
  group_name,
  category,
  sum(days) as numerator,
  sum(all_days) as denominator,
  count(*) as clusters,
  sum(days * days) as sum_yy,
  sum(days * all_days) as sum_yn,
  sum(all_days * all_days) as sum_nn,
  0 as missing_n
from class
group by group_name, place, category
order by group_name, place
