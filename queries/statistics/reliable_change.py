"""Change beyond measurement error, and clinical cut-offs, from a spread and a reliability (Jacobson and Truax 1991).

The measures count with thresholds of the instrument table and, in reliable_improvement_local.sql, with the same formula
in SQL; a test holds the two together.
"""

from __future__ import annotations

Z = 1.96
"""As in the source, where the threshold was computed by hand; not the longer quantile."""


def standard_error_of_measurement(sd: float, reliability: float) -> float:
    """How far one score lies from the true one by measurement alone, in points. Raises ValueError outside 0 to 1."""
    if not 0 <= reliability <= 1 or sd < 0:
        raise ValueError(f"A spread of {sd} and a reliability of {reliability} are not possible.")
    return float(sd * (1 - reliability) ** 0.5)


def reliable_change_points(sd: float, reliability: float) -> float:
    """The change in points that error exceeds once in twenty times; not two standard errors of measurement."""
    return Z * 2**0.5 * standard_error_of_measurement(sd, reliability)


def reliable_change_index(before: float, after: float, sd: float, reliability: float) -> float:
    """The change over the standard error of a difference; beyond ±1.96 it is reliable."""
    return (after - before) / (2**0.5 * standard_error_of_measurement(sd, reliability))


def clinical_cut_offs(
    clinical_mean: float, clinical_sd: float, norm_mean: float, norm_sd: float
) -> tuple[float, float, float]:
    """The cut-offs a, b and c: two spreads from the clinical mean, two from the norm's, and half way by spread.

    Each lies on the side of the other group, whichever direction of the scale is better.
    """
    toward_health = 1 if norm_mean > clinical_mean else -1
    a = clinical_mean + toward_health * 2 * clinical_sd
    b = norm_mean - toward_health * 2 * norm_sd
    c = (norm_sd * clinical_mean + clinical_sd * norm_mean) / (norm_sd + clinical_sd)
    return a, b, c
