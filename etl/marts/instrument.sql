-- One row per instrument.
-- Ranges, cut-offs and change thresholds, each with where it is from; the clinic's own stand in their place. [S] is a published source, [R] is from memory and to be verified.
-- order by: instrument
-- column: instrument: Instrument or scale.
-- column: label: What it measures.
-- column: minimum: Lowest possible score. (points)
-- column: maximum: Highest possible score. (points)
-- column: higher_is: Whether a higher score is better or worse.
-- column: caseness: Score at the clinical cut-off; empty where none is published. (points)
-- column: caseness_is: at_least: a case scores this or more; at_most: this or less.
-- column: reliable_change: Change beyond measurement error; empty where none is published. (points)
-- column: remission_below: Remission is a score below this; empty where none is published. (points)
-- column: response_share: Share of the first score by which a responder is better.
-- column: is_change_measure: May be compared before and after; long look-back windows and event screeners may not.
-- column: reliable_change_stricter: A larger threshold that is published as well; empty where there is none. (points)
-- column: retest_reliability: Retest reliability, for thresholds from the clinic's own spread. (correlation)
-- column: source: Where the numbers are from.
-- column: is_from_memory: One of the numbers is from memory and must be verified before it is quoted.
-- column: is_own: The clinic has put one of the numbers itself.
with known (
  instrument, label, minimum, maximum, higher_is, caseness, caseness_is, reliable_change, remission_below, response_share,
  is_change_measure, source
) as (
  values
    ('PHQ-9', 'Depression', 0, 27, 'worse', 10, 'at_least', 6, 5, 0.5, true, 'Cut-off [S31][S32]; reliable change of NHS Talking Therapies [R]; remission [S56]; retest reliability [R]'),
    ('GAD-7', 'Anxiety', 0, 21, 'worse', 8, 'at_least', 4, null, 0.5, true, 'Bands [S31]; caseness and reliable change of NHS Talking Therapies [R]; retest reliability [R]'),
    ('BAM-Use', 'Substance use', 0, 12, 'worse', 1, 'at_least', null, null, 0.5, true, 'Cut-off [S36]; no reliable change is published'),
    ('BAM-Risk', 'Risk factors for use', 0, 24, 'worse', 12, 'at_least', null, null, 0.5, true, 'Cut-off [S36]; no reliable change is published'),
    ('BAM-Protective', 'Protective factors', 0, 24, 'better', 12, 'at_most', null, null, 0.5, true, 'Cut-off [S36]; no reliable change is published'),
    ('CES-D', 'Depression', 0, 60, 'worse', 16, 'at_least', null, null, 0.5, true, 'Range [S49]; cut-off [R]; reliable change is to be computed locally'),
    ('PCL-5', 'Posttraumatic stress', 0, 80, 'worse', 31, 'at_least', 15, null, 0.5, true, 'Cut-off 31 to 33 [S50]; reliable change of veterans, 15 or 18 [S51]'),
    ('WHO-5', 'Well-being', 0, 100, 'better', 50, 'at_most', 10, null, 0.5, true, 'Cut-off [S52]; change of 10 points [R]'),
    ('AUDIT', 'Alcohol use in the past year', 0, 40, 'worse', 8, 'at_least', null, null, null, false, 'Bands [S41][S42]; baseline only'),
    ('AUDIT-C', 'Alcohol use', 0, 12, 'worse', 4, 'at_least', null, null, null, false, 'Cut-off for men; 3 for women [S44]'),
    ('DAST-10', 'Drug use in the past year', 0, 10, 'worse', 3, 'at_least', null, null, null, false, 'Bands [S46]; baseline only'),
    ('C-SSRS', 'Suicide risk screener', 0, 6, 'worse', null, null, null, null, null, false, 'Highest item only; never averaged [S53]'),
    ('COWS', 'Opioid withdrawal', 0, 48, 'worse', null, null, null, null, null, false, 'Bands as the source gives them'),
    ('BDI', 'Depression', 0, 63, 'worse', null, null, null, null, 0.5, true, 'Range only; thresholds are not in the specification')
),
further (instrument, reliable_change_stricter, retest_reliability) as (
  values ('PHQ-9', null, 0.84), ('GAD-7', null, 0.83), ('PCL-5', 18, null)
)
select
  known.instrument,
  known.label,
  known.minimum,
  known.maximum,
  known.higher_is,
  coalesce(own.caseness, known.caseness) as caseness,
  known.caseness_is,
  coalesce(own.reliable_change, known.reliable_change) as reliable_change,
  coalesce(own.remission_below, known.remission_below) as remission_below,
  known.response_share,
  known.is_change_measure,
  further.reliable_change_stricter,
  coalesce(own.retest_reliability, further.retest_reliability) as retest_reliability,
  if(own.instrument is null, known.source, own.source || ' (the clinic''s own); else ' || known.source) as source,
  contains(known.source, '[R]') as is_from_memory,
  own.instrument is not null as is_own
from known
left join further on further.instrument = known.instrument
left join core.instruments as own on own.instrument = known.instrument
