"""Quality review: rates over time as control charts, sites against the range of chance, all measures in one panel.

Everything here is computed from answers that have passed the disclosure gate: a month or a site that is hidden is a
gap, and centre lines, limits and p-values come from the shown numbers alone. Two warehouses that differ only in hidden
counts give the same review.
"""
