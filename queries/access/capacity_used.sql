/*
title = "Places used"
question = "How full is the program at the start of each week?"
formula = "Intensive outpatient episodes whose day 0 is on or before the Monday and whose exit comes after it, beside the places of their sites."
unit = "count"
higher_is = "neutral"
statistic = "counts"
spec = ["RET-08"]
source = "Capacity used (decisions, last paragraph); places by etl/contract/sites.toml"
reviewed = "not clinically reviewed"
dated_by = "week"
unit_of_analysis = "episode"
axis = "period"
notes = "Only sites with a recorded number of places. Places are those of today and of the whole site: compare and choose by site or region alone. A census above the places is shown as it is."
not_listed = "It counts places of whole sites. The people in care on a Monday are those of `iop explain census`."

[options]
is_stock = true
*/
-- One row per compared group, Monday, and census or places.
with place as (
  select
    site,
    capacity,
    case $by
      when 'site' then site
      when 'region' then coalesce(region, 'Not recorded')
      else if($by is null, 'All', 'All: places are of whole sites')
    end as group_name
  from core.sites
  where capacity > 0
    and ($site is null or list_contains($site, site))
    and ($region is null or list_contains($region, region))
),
stay as (
  -- The first Monday on which the episode is counted, and the first on which it no longer is.
  select
    place.group_name,
    date_trunc('week', day_zero + 6)::date as first_monday,
    if(is_closed, date_trunc('week', exit_date + 6)::date, null) as after_monday
  from mart.episode as episode
  join place on place.site = episode.site
  where is_started
    and level_of_care = 'IOP'
),
change as (
  select group_name, first_monday as period, 1 as step from stay
  union all
  select group_name, after_monday, -1 from stay where after_monday is not null
),
week as (
  select unnest(generate_series(min(first_monday), date_trunc('week', $analysis_cut::date)::date, interval 7 day))::date
    as period
  from stay
),
stock as (
  select compared.group_name, week.period, compared.places, coalesce(changed.step, 0) as step
  from (select group_name, sum(capacity) as places from place group by group_name) as compared
  cross join week
  left join (select group_name, period, sum(step) as step from change group by group_name, period) as changed
    on changed.group_name = compared.group_name and changed.period = week.period
),
census as (
  select group_name, period, places, sum(step) over (partition by group_name order by period) as in_care
  from stock
)
select
  group_name,
  unnest(['in care', 'places']) as category,
  period,
  unnest([in_care, places])::bigint as count
from census
where period between $date_from and $date_to
order by group_name, period, category
