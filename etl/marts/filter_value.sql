-- One row per filter and value.
-- The values that each filter offers, with the episodes that have them.
-- order by: filter, value
-- column: filter: Name of the filter.
-- column: value: Value as it is stored.
-- column: label: Value as it is shown.
-- column: episodes: Episodes that have it. (episodes)
with valued as (
  unpivot (
    select
      site,
      region,
      program,
      track,
      level_of_care,
      payer,
      primary_substance as substance,
      age_group,
      sex,
      race_ethnicity,
      preferred_language as language,
      severity_band as severity,
      arm
    from mart.episode
  )
  on columns(*)
  into name filter value value
)
select
  filter,
  value,
  replace(value, '_', ' ') as label,
  count(*) as episodes
from valued
group by filter, value
