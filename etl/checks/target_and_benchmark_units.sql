/*
title = "Targets and benchmarks of a measure have one unit"
category = "conformance"
context = "validation"
counts = "measures with several values"
warn = 1
message = "{violations} of {denominator} measures have targets or benchmarks that differ 20-fold and more, as 80 and 0.8 do."
remedy = "Shares are written 0 to 1; `iop ask NAME` shows the unit of a measure."
*/
-- One row per measure with two or more targets and benchmarks.
with given as (
  select measure, abs(target_value) as given_value from core.targets
  union all
  select measure, abs(benchmark_value) from core.benchmarks
)
select
  measure,
  min(given_value) as smallest,
  max(given_value) as largest,
  largest >= 20 * smallest as is_violation
from given
where given_value > 0
group by measure
having count(*) > 1
