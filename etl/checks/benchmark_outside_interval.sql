/*
title = "A published value lies within its own interval"
category = "conformance"
counts = "benchmarks with an interval"
warn = 1
message = "{violations} of {denominator} benchmarks lie outside the interval that is given with them."
remedy = "Look the publication up again."
*/
-- One row per benchmark with an interval.
select
  benchmark_id,
  measure,
  benchmark_value,
  lower,
  upper,
  benchmark_value not between coalesce(lower, benchmark_value) and coalesce(upper, benchmark_value) as is_violation
from core.benchmarks
where lower is not null or upper is not null
