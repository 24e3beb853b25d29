-- One row per episode and self-report over a window of at least a week.
-- Days of use and abstinence that patients reported, before, in and after care, of any substance.
-- order by: episode_id, event_date, window_days
-- column: episode_id: Episode in or after which the report was made.
-- column: occasion: intake (to a week after day 0), in_care, or after (the exit).
-- column: known_days: Days of the window outside a controlled environment, where the rule subtracts those; 0 without an answer. (days)
-- column: days_used: Days of use in the window; where it has a row for each substance, those of the most used one. (days)
-- column: controlled_days: Days of the window in jail, hospital or another controlled place. (days)
-- column: abstinent_days: Known days without use. (days)
-- column: is_usable: At least abstinence_known_days of the window are known.
with reported as (
  -- Rows of one window, by substance, are one report.
  select
    part.episode_id,
    use_events.event_date,
    use_events.window_days,
    max(if(use_events.substance = 'none', 0, use_events.days_used)) as days_used,
    max(coalesce(use_events.controlled_environment_days, 0)) as controlled_days
  from core.use_events as use_events
  join mart.episode_part as part on part.part_id = use_events.episode_id
  where use_events.report_source = 'self_report'
    and use_events.window_days >= 7
  group by part.episode_id, use_events.event_date, use_events.window_days
),
placed as (
  select
    reported.*,
    case
      when event_date <= day_zero + 7 then 'intake'
      when not is_closed or event_date <= exit_date then 'in_care'
      else 'after'
    end as occasion,
    window_days - if($controlled_environment = 'subtract', controlled_days, 0) as open_days
  from reported
  join mart.episode as episode on episode.episode_id = reported.episode_id
  where episode.day_zero is not null
)
select
  episode_id,
  event_date,
  occasion,
  window_days,
  if(days_used is null, 0, open_days)::integer as known_days,
  days_used,
  controlled_days,
  if(days_used is null, 0, greatest(open_days - days_used, 0))::integer as abstinent_days,
  days_used is not null and open_days >= $abstinence_known_days as is_usable
from placed
