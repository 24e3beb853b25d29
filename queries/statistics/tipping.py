"""How the missing would have to have fared for a conclusion to change: one number, in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tipping:
    """The share of the missing with the event at which the rate reaches the target.

    Below 0 the rate is over the target even if nobody of the missing has the event; above 1 it stays under it even if
    all have.
    """

    share: float
    target: float
    observed_share: float
    lowest: float
    highest: float

    @property
    def is_decided(self) -> bool:
        """Whether the missing cannot change on which side of the target the rate is."""
        return not 0 <= self.share <= 1


def tipping_point(events: float, observed: float, due: float, target: float) -> Tipping:
    """Where the rate of all who were due tips over a target.

    ``events`` of the ``observed`` have the event, ``due`` − ``observed`` are missing. Solves
    (events + share · missing) / due = target for the share. Raises ValueError where nobody is missing or observed.
    """
    missing = due - observed
    if missing <= 0 or observed <= 0:
        raise ValueError("A tipping point needs people with a result and people without one.")
    return Tipping(
        share=(target * due - events) / missing,
        target=target,
        observed_share=events / observed,
        lowest=events / due,
        highest=(events + missing) / due,
    )


def describe_tipping(tipping: Tipping, *, event: str, target: str = "target", higher_is: str = "better") -> str:
    """The tipping point in a sentence; ``event`` as in "improved", ``target`` names what is compared with.

    ``higher_is`` "worse": the event is a bad one, and the rate should stay below the target.
    """
    goal = f"the {target} of {_percent(tipping.target)}"
    if tipping.is_decided:
        whom, rate, side = (
            ("nobody", tipping.lowest, "above") if tipping.share < 0 else ("everybody", tipping.highest, "below")
        )
        return (
            f"Even if {whom} of the missing {event}, the rate would be {_percent(rate)}, {side} {goal}: the missing "
            "cannot change that."
        )
    change, side = ("rises above", "more") if higher_is == "worse" else ("falls below", "fewer")
    return (
        f"The rate {change} {goal} if {side} than {_percent(tipping.share)} of the missing {event}; of those with a "
        f"result {_percent(tipping.observed_share)} did."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
