/*
title = "Early dropout"
question = "How many leave before their fourth session?"
formula = "Episodes that ended without success and with fewer than four attended sessions (variant: before day 30), over all episodes that could be followed for 30 days."
unit = "share"
higher_is = "worse"
statistic = "proportion"
spec = ["RET-07"]
source = "RET-07; four sessions is the engagement threshold of NIATx"
reviewed = "not clinically reviewed"
dated_by = "day_zero"
unit_of_analysis = "episode"
notes = "Without success: neither completed nor stepped down. Missing n: among those counted, no reason recorded."
exclusions = [
  "never_started",
  "starts_after_cut",
  "outside_dates",
  { name = "too_recent", days = "30" },
]
evidence = "{episode.sessions_attended} sessions attended, {if(episode.cause = 'open', 'in care', episode.exit_reason)} on day {episode.time_days}"

[parameters.sessions]
type = "integer"
default = 4
label = "Fewer attended sessions than"

[parameters.early_by]
type = "text"
default = "sessions"
label = "Early by sessions attended or by days in care"
choices = ["sessions", "days"]
*/
-- One row per compared group.
with followed as (
  select
    group_name,
    cause,
    cause in ('dropout', 'other', 'unknown')
      and if($early_by = 'sessions', sessions_attended < $sessions, exit_day < 30) as is_early
  from selected_episode
  where is_started
    and day_zero between $date_from and $date_to
    and day_zero + 30 <= $analysis_cut
)
select
  group_name,
  '' as category,
  count(*) filter (where is_early) as numerator,
  count(*) as denominator,
  count(*) filter (where is_early and cause = 'unknown') as missing_n
from followed
group by group_name
order by group_name
