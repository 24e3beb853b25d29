-- One row per person of an arm and level of care that is compared with IOP, with the effect; empty where unknown.
select
  compared_episode.*,
  unnest(if(level_of_care = 'IOP', ['residential', 'inpatient'], [level_of_care])) as compared_level,
  case
    when $outcome = 'completed or stepped down' and is_closed then is_successful::double
    when $outcome = 'abstinent days' and program <> 'MH' then reported.abstinent_share * $follow_up_days
    when $outcome = 'reliably improved' and is_closed and pair.is_due then coalesce(pair.is_reliably_improved, false)::double
  end as effect_amount
from compared_episode
left join mart.score_pair as pair
  on pair.episode_id = compared_episode.episode_id
  and pair.instrument = $instrument
left join (
  -- Days without use in usable reports that ended between day 0 and the end of the follow-up.
  select report.episode_id, sum(report.abstinent_days) / sum(report.known_days) as abstinent_share
  from mart.abstinence as report
  join mart.episode as episode on episode.episode_id = report.episode_id
  where report.occasion <> 'intake'
    and report.is_usable
    and report.window_days between 28 and 31
    and report.event_date <= episode.day_zero + $follow_up_days::integer
  group by report.episode_id
) as reported on reported.episode_id = compared_episode.episode_id
where is_first and is_followed
