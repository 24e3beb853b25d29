/*
title = "Days abstinent"
question = "On how many of the known days was there no use?"
formula = "Abstinent days over days with data in self-report windows of a month (28 to 31 days) that ended by the analysis cut-off, by occasion; windows with fewer than 21 days known are left out."
unit = "share"
higher_is = "better"
statistic = "cluster_ratio"
spec = ["ABS-1"]
source = "ABS-1; timeline followback or BAM"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "window"
counted = "known day"
axis = "category"
notes = "Persons are the clusters of the interval. Missing n: windows with too few days known."
warning = "Self-report, among those who answered."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  { when = "coalesce(reports.monthly, 0) = 0", because = "No report over a month up to the analysis cut-off" },
  { when = "reports.known_days = 0", because = "No report with enough known days" },
]
*/
-- One row per compared group and occasion.
with reported as (
  -- One row per group, person and occasion.
  select
    selected_episode.group_name,
    selected_episode.patient_id,
    abstinence.occasion,
    coalesce(sum(abstinence.abstinent_days) filter (where abstinence.is_usable), 0) as abstinent_days,
    coalesce(sum(abstinence.known_days) filter (where abstinence.is_usable), 0) as known_days,
    count(*) filter (where not abstinence.is_usable) as unusable
  from selected_episode
  join mart.abstinence as abstinence on abstinence.episode_id = selected_episode.episode_id
  where abstinence.window_days between 28 and 31
    and abstinence.event_date <= $analysis_cut
    and selected_episode.day_zero between $date_from and $date_to
  group by selected_episode.group_name, selected_episode.patient_id, abstinence.occasion
)
select
  group_name,
  case occasion when 'intake' then 'before care' when 'in_care' then 'in care' when 'after' then 'after care' end as category,
  sum(abstinent_days) as numerator,
  sum(known_days) as denominator,
  count(*) filter (where known_days > 0) as clusters,
  sum(abstinent_days * abstinent_days) as sum_yy,
  sum(abstinent_days * known_days) as sum_yn,
  sum(known_days * known_days) as sum_nn,
  sum(unusable) as missing_n
from reported
group by group_name, occasion
order by group_name, list_position(['intake', 'in_care', 'after'], occasion)
