-- One row per instrument and band of severity.
-- Published bands, from the healthiest to the most severe.
-- order by: instrument, sequence
-- column: instrument: Instrument or scale.
-- column: band: Name of the band.
-- column: sequence: Place of the band; 1 is the healthiest.
-- column: from_score: Lowest score of the band. (points)
-- column: to_score: Highest score of the band. (points)
select *
from (
  values
    ('PHQ-9', 'minimal', 1, 0, 4), ('PHQ-9', 'mild', 2, 5, 9), ('PHQ-9', 'moderate', 3, 10, 14),
    ('PHQ-9', 'moderately severe', 4, 15, 19), ('PHQ-9', 'severe', 5, 20, 27),
    ('GAD-7', 'minimal', 1, 0, 4), ('GAD-7', 'mild', 2, 5, 9), ('GAD-7', 'moderate', 3, 10, 14), ('GAD-7', 'severe', 4, 15, 21),
    ('BAM-Use', 'no use', 1, 0, 0), ('BAM-Use', 'use', 2, 1, 12),
    ('BAM-Risk', 'below the cut-off', 1, 0, 11), ('BAM-Risk', 'high risk', 2, 12, 24),
    ('BAM-Protective', 'well protected', 1, 13, 24), ('BAM-Protective', 'low protection', 2, 0, 12),
    ('CES-D', 'below the cut-off', 1, 0, 15), ('CES-D', 'at or above the cut-off', 2, 16, 60),
    ('PCL-5', 'below the cut-off', 1, 0, 30), ('PCL-5', 'at or above the cut-off', 2, 31, 80),
    ('WHO-5', 'above the cut-off', 1, 51, 100), ('WHO-5', 'low well-being', 2, 29, 50), ('WHO-5', 'likely depression', 3, 0, 28),
    ('AUDIT', 'low risk', 1, 0, 7), ('AUDIT', 'hazardous', 2, 8, 15), ('AUDIT', 'harmful', 3, 16, 19),
    ('AUDIT', 'possible dependence', 4, 20, 40),
    ('DAST-10', 'none', 1, 0, 0), ('DAST-10', 'low', 2, 1, 2), ('DAST-10', 'moderate', 3, 3, 5),
    ('DAST-10', 'substantial', 4, 6, 8), ('DAST-10', 'severe', 5, 9, 10)
) as band (instrument, band, sequence, from_score, to_score)
