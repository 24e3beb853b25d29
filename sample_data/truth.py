"""Counts what was planted while it is being planted: the numbers of truth.json."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import numpy as np

from sample_data.attendance import ATTENDED, LATE_CANCEL, NO_SHOW
from sample_data.batch import Batch
from sample_data.chains import NO_DAY, RETURN_FACTOR_OTHER, RETURN_FACTOR_SUCCESS, RETURN_HAZARD_BY_BAND
from sample_data.clinic import (
    ANALYSED,
    BANDS,
    CROWDED_SITE,
    FAMILY_HAZARD_RATIO,
    IOP,
    LINES,
    NORTH_EVENING,
    NORTH_EVENING_HAZARD_RATIO,
    OP,
    SHOW_RATE_SHIFT,
    SHOW_RATE_SHIFT_DAY,
    SITE_NAMES,
    day_number,
)
from sample_data.course import COMPLETED, DROPPED, STEP_DOWN, WEEKS, dropout_hazards, other_hazards
from sample_data.timetable import GROUP, NON_CLINICAL

PHQ_RELIABLE_CHANGE = 6
SETTINGS = ("IOP", "24_hour")
LANDMARK_DAYS = 28
LAST_ADMISSION_FOLLOWED = day_number(date(2026, 4, 30))
AFTER_DISCHARGE_DAYS = 90
CONTINUED_DAYS = 180


class Truth:
    """Running sums over chunks; ``numbers`` turns them into the truths."""

    def __init__(self) -> None:
        self.sums: defaultdict[str, float] = defaultdict(float)

    def count_episodes(self, episodes: Batch) -> None:
        """Count exits, returns to use and the effect of an early family session."""
        done = episodes.take(episodes.is_started & (episodes.last_day <= ANALYSED) & (episodes.level != OP))
        is_iop = done.level == IOP
        days = done.last_day - done.start
        is_dropout = done.exit_class == DROPPED
        evening = is_iop & (done.track == 1) & ~np.array([line.is_adolescent for line in LINES])[done.line]
        for name, rows in (("north", done.line == NORTH_EVENING), ("other", done.line != NORTH_EVENING)):
            at_risk = evening & rows & (days > 14)
            self.sums[f"evening_{name}_at_risk"] += int(at_risk.sum())
            self.sums[f"evening_{name}_dropouts"] += int((at_risk & is_dropout & (days <= 28)).sum())
        is_success = np.isin(done.exit_class, (COMPLETED, STEP_DOWN))
        # Of recent admissions only the short stays have ended: success is counted where all could have.
        is_old = done.admission <= LAST_ADMISSION_FOLLOWED
        for setting, rows in zip(SETTINGS, (is_iop, ~is_iop), strict=True):
            for band in range(len(BANDS)):
                in_band = rows & (done.band == band)
                self.sums[f"{setting}_{band}_episodes"] += int((in_band & is_old).sum())
                self.sums[f"{setting}_{band}_success"] += int((in_band & is_success & is_old).sum())
                uses = in_band & (done.return_day < NO_DAY)
                self.sums[f"{setting}_{band}_use_at_risk"] += int(uses.sum())
                factor = np.where(is_success, RETURN_FACTOR_SUCCESS, RETURN_FACTOR_OTHER)
                share = 1 - np.exp(-RETURN_HAZARD_BY_BAND[band] * factor * AFTER_DISCHARGE_DAYS)
                self.sums[f"{setting}_{band}_use_expected"] += float(share[uses].sum())
        self._count_family(done.take(is_iop))

    def _count_family(self, iop: Batch) -> None:
        """Chance of completing for everybody in care at day 28, with and without the session."""
        landmark = iop.take(iop.last_day - iop.start > LANDMARK_DAYS)
        none = np.full(len(landmark), -1)
        week = np.arange(WEEKS)[None, :]
        in_future = (week >= LANDMARK_DAYS // 7) & (week < landmark.planned_weeks[:, None] - 1)
        others = other_hazards(landmark.band).sum(axis=1)[:, None]
        for name, family_week in (("with", none + 1), ("without", none)):
            hazards = dropout_hazards(landmark.line, landmark.band, family_week) + others
            success = np.exp(-(hazards * in_future).sum(axis=1))
            self.sums[f"family_{name}_expected"] += float(success.sum())
        self.sums["family_landmark"] += len(landmark)

    def count_sessions(self, episodes: Batch, rows: Batch) -> None:
        """Count the show rate before and after the shift, and who was present in groups."""
        clinical = ~np.isin(rows.service, NON_CLINICAL) & (rows.day <= ANALYSED) & (episodes.level[rows.episode] == IOP)
        counted = clinical & np.isin(rows.status, (ATTENDED, NO_SHOW, LATE_CANCEL))
        for name, when in (("before", rows.day < SHOW_RATE_SHIFT_DAY), ("after", rows.day >= SHOW_RATE_SHIFT_DAY)):
            self.sums[f"show_{name}_n"] += int((counted & when).sum())
            self.sums[f"show_{name}"] += int((counted & when & (rows.status == ATTENDED)).sum())
        present = (rows.service == GROUP) & (rows.status == ATTENDED) & (rows.group >= 0)
        crowded = episodes.site[rows.episode] == SITE_NAMES.index(CROWDED_SITE)
        self.sums["crowded_present"] += int((present & crowded).sum())
        self.sums["other_present"] += int((present & ~crowded).sum())

    def count_phq(self, episodes: Batch, first: np.ndarray, last: np.ndarray, occasions: Batch) -> None:
        """Count reliable improvement on the PHQ-9: of all with a baseline, and of those seen again."""
        phq = occasions.take((occasions.instrument == 0) & occasions.is_observed)
        size = len(episodes)
        has_baseline = np.zeros(size, dtype=bool)
        has_baseline[phq.episode[phq.timepoint == 0]] = True
        known = phq.take((phq.timepoint > 0) & (phq.day <= np.minimum(episodes.exit_day[phq.episode] + 14, ANALYSED)))
        order = np.lexsort((known.day, known.episode))
        latest = np.full(size, -1)
        latest[known.episode[order]] = known.score[order]
        is_due = has_baseline & (episodes.exit_day <= ANALYSED) & (episodes.level == IOP)
        self.sums["phq_due"] += int(is_due.sum())
        self.sums["phq_truly_improved"] += int((is_due & (first - last >= PHQ_RELIABLE_CHANGE)).sum())
        seen = is_due & (latest >= 0)
        self.sums["phq_seen"] += int(seen.sum())
        self.sums["phq_seen_improved"] += int((seen & (first - latest >= PHQ_RELIABLE_CHANGE)).sum())

    def count_medication(self, stays: Batch, goes_on: np.ndarray) -> None:
        """Count whose medication goes on for half a year, of those who had one and were last seen long enough ago."""
        is_old = stays.is_started & (stays.start + CONTINUED_DAYS <= ANALYSED)
        self.sums["medication"] += int(is_old.sum())
        self.sums["medication_goes_on"] += int((is_old & goes_on).sum())

    def count_suicide_risk(self, episodes: Batch, screens: Batch, is_high: np.ndarray) -> None:
        """Count the intensive outpatient episodes with a suicide screen, and those with one of high risk."""
        known = (screens.day <= ANALYSED) & (episodes.level[screens.episode] == IOP)
        self.sums["screened"] += len(np.unique(screens.episode[known]))
        self.sums["screened_high"] += len(np.unique(screens.episode[known & is_high]))

    def count_incidents(self, episodes: Batch, stays: np.ndarray, in_care: Batch) -> None:
        """Count the intensive outpatient stays with a visit to an emergency department in care."""
        self.sums["stays"] += int((episodes.start[stays] <= ANALYSED).sum())
        self.sums["stays_with_emergency"] += len(np.unique(in_care.episode[in_care.day <= ANALYSED]))

    def count_costs(self, episodes: Batch, episode: np.ndarray, amount: np.ndarray, basis: np.ndarray) -> None:
        """Count the paid cost of closed stays by setting and severity band."""
        total = np.bincount(episode, weights=amount, minlength=len(episodes))
        done = (episodes.exit_day <= ANALYSED) & (episodes.level != OP) & (basis == 0) & episodes.is_started
        for setting, rows in zip(SETTINGS, (episodes.level == IOP, episodes.level != IOP), strict=True):
            for band in range(len(BANDS)):
                chosen = done & rows & (episodes.band == band)
                self.sums[f"{setting}_{band}_paid"] += float(total[chosen].sum())
                self.sums[f"{setting}_{band}_paid_n"] += int(chosen.sum())

    def numbers(self) -> dict[str, Any]:
        """The truths, by name. Shares are rounded to four places, amounts to cents; null where nobody is counted."""
        north, other = (
            self._share(f"evening_{name}_dropouts", f"evening_{name}_at_risk") for name in ("north", "other")
        )
        with_family, without = (
            self._share(f"family_{name}_expected", "family_landmark") for name in ("with", "without")
        )
        before, after = self._share("show_before", "show_before_n"), self._share("show_after", "show_after_n")
        return {
            "north_evening": {
                "hazard_ratio_days_15_to_28": NORTH_EVENING_HAZARD_RATIO,
                "dropout_days_15_to_28": north,
                "dropout_days_15_to_28_other_evening": other,
                "at_risk": int(self.sums["evening_north_at_risk"]),
            },
            "show_rate": {"from": "2026-03-01", "shift": SHOW_RATE_SHIFT, "before": before, "after": after},
            "settings": self._settings(),
            "phq9_reliable_improvement": {
                "true_share_of_all_with_baseline": self._share("phq_truly_improved", "phq_due"),
                "share_of_those_seen_again": self._share("phq_seen_improved", "phq_seen"),
                "all_with_baseline": int(self.sums["phq_due"]),
                "seen_again": int(self.sums["phq_seen"]),
            },
            "family": {
                "hazard_ratio_of_dropout": FAMILY_HAZARD_RATIO,
                "landmark_day": LANDMARK_DAYS,
                "success_with": with_family,
                "success_without": without,
                "in_care_at_landmark": int(self.sums["family_landmark"]),
            },
            "medication": {
                "continued_180_days": self._share("medication_goes_on", "medication"),
                "last_stays_with_medication": int(self.sums["medication"]),
            },
            "suicide_risk": {
                "high": int(self.sums["screened_high"]),
                "screened": int(self.sums["screened"]),
            },
            "emergency_visits_in_care": {
                "episodes": int(self.sums["stays_with_emergency"]),
                "of": int(self.sums["stays"]),
            },
            "group_size": {"crowded_site": CROWDED_SITE, "limit": 12},
        }

    def _settings(self) -> dict[str, Any]:
        found: dict[str, Any] = {"true_difference_within_band": {"success": 0.0, "return_to_use_90_days": 0.0}}
        for what, top, bottom in (
            ("success", "success", "episodes"),
            ("return_to_use_90_days", "use_expected", "use_at_risk"),
            ("paid_usd_per_episode", "paid", "paid_n"),
        ):
            for setting in SETTINGS:
                for part in (top, bottom):
                    of_bands = [self.sums[f"{setting}_{band}_{part}"] for band in range(len(BANDS))]
                    self.sums[f"{setting}_all_{part}"] = sum(of_bands)
                by_band = {
                    name: self._share(f"{setting}_{band}_{top}", f"{setting}_{band}_{bottom}")
                    for band, name in enumerate(BANDS)
                }
                crude = self._share(f"{setting}_all_{top}", f"{setting}_all_{bottom}")
                found.setdefault(what, {})[setting] = {"crude": crude, **by_band}
            found[what]["crude_difference"] = self._difference(found[what], ("crude",), (1.0,))
            found[what]["difference_at_equal_severity"] = self._difference(found[what], BANDS, self._band_shares())
        return found

    def _band_shares(self) -> tuple[float, ...]:
        counts = [sum(self.sums[f"{setting}_{band}_episodes"] for setting in SETTINGS) for band in range(len(BANDS))]
        return tuple(count / max(sum(counts), 1) for count in counts)

    @staticmethod
    def _difference(by_setting: dict[str, Any], names: tuple[str, ...], weights: tuple[float, ...]) -> float | None:
        """24-hour care minus intensive outpatient care, as if both had the same mix of severity bands."""
        pairs = [(by_setting["24_hour"][name], by_setting["IOP"][name]) for name in names]
        if any(value is None for pair in pairs for value in pair):
            return None
        return round(sum(weight * (a - b) for weight, (a, b) in zip(weights, pairs, strict=True)), 4)

    def _share(self, top: str, bottom: str) -> float | None:
        return round(self.sums[top] / self.sums[bottom], 4) if self.sums[bottom] else None
