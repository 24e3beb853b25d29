-- One row per started episode and definition of the end of care.
-- Time to the end of care by every named definition; definitions of trials stand beside the exit.
-- order by: definition, episode_id
-- column: definition: exit (discharge, or last service of other exits); last_contact (last service, lost if well before the planned end); gap_28 (start of the first gap of contact_gap_days without a service); last_dose (last dose of medication); first_use_or_lost (first use after day 0, or last contact).
-- column: time_days: Days from day 0 to the end, or to the end of observation while it has not come. (days)
-- column: cause: open (the end had not come), lost, use, or for exit the cause of mart.episode.
with stay as (
  select
    episode_id,
    day_zero,
    time_days as exit_days,
    cause as exit_cause,
    -- Who completes, moves on or dies before the planned end is not lost: observation ends there.
    greatest(
      least(
        planned_days,
        case when is_exit_at_discharge(discharge_reason) then discharge_date - day_zero end,
        $analysis_cut - day_zero
      ),
      0
    )::integer as end_day
  from mart.episode
  where is_started
),
contact as (
  -- First and last contact in stretches of the gap's length: no gap fits inside one.
  select
    session.episode_id,
    (session_date - day_zero) // $contact_gap_days as stretch,
    min(session_date - day_zero) as first_day,
    max(session_date - day_zero) filter (where session_date - day_zero <= end_day) as last_day,
    max(session_date - day_zero) as last_day_with_slack,
    any_value(end_day) as end_day
  from mart.session as session
  join stay on stay.episode_id = session.episode_id
  where session.is_attended
    and session.is_clinical
    and session_date between day_zero and day_zero + end_day + $contact_slack_days
  group by session.episode_id, stretch
),
followed as (
  select
    *,
    coalesce(lag(last_day) over (partition by episode_id order by stretch), 0) as previous_day
  from contact
),
contacted as (
  select
    episode_id,
    max(last_day_with_slack) as last_contact_day,
    coalesce(max(last_day), 0) as last_day_in_care,
    min(previous_day) filter (where first_day <= end_day and first_day - previous_day >= $contact_gap_days) as gap_day
  from followed
  group by episode_id
),
dosed as (
  select
    stay.episode_id,
    max(dose_date - day_zero) filter (where dose_date between day_zero and day_zero + end_day + $contact_slack_days)
      as last_dose_day
  from core.medications as medications
  join mart.episode_part as part on part.part_id = medications.episode_id
  join stay on stay.episode_id = part.episode_id
  where amount is null or amount > 0
  group by stay.episode_id
),
used as (
  -- A drug that is prescribed is not use. A report over more than a week does not say when.
  select stay.episode_id, min(used_date - day_zero) as use_day
  from (
    select episode_id, specimen_date as used_date, substance
    from core.toxicology
    where result = 'positive' and not coalesce(is_prescribed, false)
    union all
    select episode_id, event_date, substance
    from core.use_events
    where contains($use_sources, 'reports')
      and substance <> 'none'
      and coalesce(days_used, 1) > 0
      and coalesce(window_days, 1) <= 7
  ) as use
  join mart.episode_part as part on part.part_id = use.episode_id
  join stay on stay.episode_id = part.episode_id
  where used_date between day_zero + 1 and day_zero + end_day
    and ($use_substances = 'any' or list_contains(string_split($use_substances, ' '), substance))
  group by stay.episode_id
),
ended as (
  -- The day of each end; an end that has not come is null.
  select
    stay.*,
    dosed.episode_id is not null as is_dosed,
    case
      when coalesce(last_contact_day, 0) < end_day - $contact_slack_days then coalesce(last_contact_day, 0)
    end as lost_day,
    coalesce(
      gap_day,
      case when end_day - coalesce(last_day_in_care, 0) >= $contact_gap_days then coalesce(last_day_in_care, 0) end
    ) as gap_day,
    case when coalesce(last_dose_day, 0) < end_day - $contact_slack_days then coalesce(last_dose_day, 0) end as dose_day,
    use_day
  from stay
  left join contacted on contacted.episode_id = stay.episode_id
  left join dosed on dosed.episode_id = stay.episode_id
  left join used on used.episode_id = stay.episode_id
)
select episode_id, 'exit' as definition, exit_days::double as time_days, exit_cause as cause
from ended
union all
select episode_id, 'last_contact', coalesce(lost_day, end_day), if(lost_day is null, 'open', 'lost')
from ended
union all
select episode_id, 'gap_28', coalesce(gap_day, end_day), if(gap_day is null, 'open', 'lost')
from ended
union all
select episode_id, 'last_dose', coalesce(dose_day, end_day), if(dose_day is null, 'open', 'lost')
from ended
where is_dosed or $last_dose_population = 'everybody'
union all
select
  episode_id,
  'first_use_or_lost',
  coalesce(least(use_day, lost_day), end_day),
  case when use_day <= coalesce(lost_day, use_day) then 'use' when lost_day is not null then 'lost' else 'open' end
from ended
