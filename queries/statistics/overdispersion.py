"""How much more units differ than chance and their sizes explain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

SMALLEST_UNITS = 10
"""With fewer units the variation between them cannot be told from chance (decision 21 of the definitions)."""

WINSORISED_SHARE = 0.1


@dataclass(frozen=True)
class Overdispersion:
    """φ of all units, φ with the extremes drawn in, and the variance τ² between units that is beyond chance."""

    phi_raw: float
    phi: float
    tau_squared: float


def estimate_overdispersion(z: ArrayLike, standard_error: ArrayLike, share: float = WINSORISED_SHARE) -> Overdispersion:
    """φ = mean z² and τ² by DerSimonian and Laird, after winsorising the z-scores of the units at both ends.

    ``z`` is the distance of each unit from the target in its own ``standard_error`` s; τ² has the scale of s².
    Winsorised quantiles are linear ones (R's type 7). NaN for no units; τ² is 0 where φ is no larger than chance
    makes it. Source: Spiegelhalter 2005, Statistics in Medicine 24:1185; FunnelPlotR R/od_adjustment.R.
    """
    scores, weights = np.asarray(z, dtype=float), np.asarray(standard_error, dtype=float) ** -2
    n = len(scores)
    if not n:
        return Overdispersion(np.nan, np.nan, np.nan)
    low, high = np.quantile(scores, [share, 1 - share])
    phi = float(np.mean(np.clip(scores, low, high) ** 2))
    spread = float(weights.sum() - (weights**2).sum() / weights.sum())
    tau_squared = max(0.0, (n * phi - (n - 1)) / spread) if n > 1 else 0.0
    return Overdispersion(float(np.mean(scores**2)), phi, tau_squared)
