/*
title = "No site stops asking"
category = "completeness"
counts = "site-quarters with 20 or more admissions"
note = 1
warn = "20 %"
message = "In {violations} of {denominator} quarters of a site half or more of the IOP admissions have no score at all."
remedy = "Were the forms not filled in, or not exported?"
*/
-- One row per site and quarter with 20 or more started IOP episodes, where scores are collected at all.
with scored as (select distinct episode_id from mart.score)
select
  site,
  date_trunc('quarter', admission_date)::date as quarter_start,
  count(*) as admissions,
  count(*) - count(scored.episode_id) as without_score,
  without_score >= 0.5 * admissions as is_violation
from mart.episode
left join scored using (episode_id)
where is_started
  and level_of_care = 'IOP'
  and admission_date <= $analysis_cut
  and exists (select 1 from scored)
group by site, quarter_start
having admissions >= 20
