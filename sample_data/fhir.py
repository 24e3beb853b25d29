"""``python -m sample_data.fhir`` writes a small invented FHIR R4 bulk export, with what such exports have."""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

OUT = Path(__file__).parent / "fhir"
SEED = 5
PATIENTS = 40
FIRST_DAY, LAST_DAY = date(2026, 3, 2), date(2026, 9, 30)
PHQ = ("44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8")
ANSWERS = ("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9")
RACE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"
ETHNICITY = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity"
Resource = dict[str, Any]


def _coded(code: str) -> Resource:
    return {"coding": [{"code": code}]}


def _meta(day: date, version: int = 1) -> Resource:
    return {"versionId": str(version), "lastUpdated": f"{day}T02:00:00.000Z"}


def _omb(url: str, code: str) -> Resource:
    return {"url": url, "extension": [{"url": "ombCategory", "valueCoding": {"code": code}}]}


def _patient(number: int, rng: np.random.Generator) -> Resource:
    race = str(rng.choice(["2106-3", "2054-5", "2028-9"], p=[0.6, 0.3, 0.1]))
    extension = [_omb(RACE, race)] + ([_omb(ETHNICITY, "2135-2")] if number % 7 == 0 else [])
    birth = f"{int(rng.integers(1960, 2004))}-{int(rng.integers(1, 13)):02}-{int(rng.integers(1, 29)):02}"
    return {
        "resourceType": "Patient", "id": f"p{number}", "meta": _meta(FIRST_DAY), "extension": extension,
        "gender": str(rng.choice(["female", "male"])), "birthDate": birth[:4] if number == 3 else birth,
    }  # fmt: skip


def write_bundle(out: Path = OUT) -> None:
    """Write one NDJSON file a resource and the export.toml; the same seed gives the same bytes."""
    rng = np.random.default_rng(SEED)
    found: dict[str, list[Resource]] = {
        name: []
        for name in ("Patient", "EpisodeOfCare", "Encounter", "Appointment", "Observation", "QuestionnaireResponse")
    }
    for number in range(1, PATIENTS + 1):
        found["Patient"].append(_patient(number, rng))
        start = FIRST_DAY + timedelta(days=int(rng.integers(0, 90)))
        weeks = int(rng.integers(2, 12))
        end = start + timedelta(days=7 * weeks)
        reference = f"urn:uuid:p{number}" if number % 5 == 0 else f"Patient/p{number}"
        _add_stay(found, number, reference, start, end, rng)
        for week in range(weeks):
            for weekday in (0, 2, 4):
                _add_visit(found, number, start + timedelta(days=7 * week + weekday), rng)
            _add_score(found, number, reference, start + timedelta(days=7 * week), week, rng)
    _add_oddities(found)
    out.mkdir(exist_ok=True)
    for name, resources in found.items():
        lines = [json.dumps(resource, separators=(",", ":")) for resource in resources]
        (out / f"{name}.ndjson").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (out / "export.toml").write_text(f"data_cut = {LAST_DAY}\n", encoding="utf-8")


def _add_stay(
    found: dict[str, list[Resource]], number: int, reference: str, start: date, end: date, rng: np.random.Generator
) -> None:
    reason = str(rng.choice(["completed", "dropped_out", "transferred"], p=[0.6, 0.3, 0.1]))
    stay = {
        "resourceType": "EpisodeOfCare", "id": f"e{number}", "meta": _meta(end), "status": "finished",
        "type": [_coded("S9480" if number % 2 else "H0015")], "patient": {"reference": reference},
        "managingOrganization": {"display": "Harbor"}, "period": {"start": str(start), "end": str(end)},
        "extension": [{"url": "https://clinic.example/fhir/discharge-reason", "valueCode": reason}],
    }  # fmt: skip
    if end > LAST_DAY - timedelta(days=40):
        del stay["period"]["end"], stay["extension"]  # type: ignore[attr-defined]
        stay["status"] = "active"
    found["EpisodeOfCare"].append(stay)


def _add_visit(found: dict[str, list[Resource]], number: int, day: date, rng: np.random.Generator) -> None:
    key = f"{number}-{day:%Y%m%d}"
    service = _coded(str(rng.choice(["90853", "90834", "90847"], p=[0.7, 0.2, 0.1])))
    # 09:00 in New York, told in UTC: 13:00 in summer, 14:00 in winter.
    start, end = (f"{day}T{hour}:00:00Z" for hour in ((13, 16) if day >= date(2026, 3, 8) else (14, 17)))
    status = str(rng.choice(["fulfilled", "noshow", "cancelled"], p=[0.82, 0.1, 0.08]))
    appointment = {
        "resourceType": "Appointment", "id": f"a{key}", "meta": _meta(day), "status": status, "serviceType": [service],
        "start": start, "end": end, "participant": [{"actor": {"reference": f"Patient/p{number}"}}],
    }  # fmt: skip
    if status == "cancelled":
        appointment["cancelationReason"] = _coded(str(rng.choice(["pat", "prov"])))
    found["Appointment"].append(appointment)
    if status == "fulfilled":
        found["Encounter"].append({
            "resourceType": "Encounter", "id": f"v{key}", "meta": _meta(day), "status": "finished",
            "class": {"code": "VR" if number % 6 == 0 else "AMB"}, "serviceType": service,
            "subject": {"reference": f"Patient/p{number}"},
            "episodeOfCare": [{"reference": f"EpisodeOfCare/e{number}"}],
            "participant": [{"individual": {"reference": "Practitioner/s1"}}], "period": {"start": start, "end": end},
        })  # fmt: skip


def _add_score(
    found: dict[str, list[Resource]], number: int, reference: str, day: date, week: int, rng: np.random.Generator
) -> None:
    points = rng.binomial(3, max(0.05, 0.55 - 0.05 * week), 9)
    if number % 2:
        found["QuestionnaireResponse"].append({
            "resourceType": "QuestionnaireResponse", "id": f"q{number}-{week}", "meta": _meta(day),
            "status": "completed", "questionnaire": "http://loinc.org/q/44249-1", "subject": {"reference": reference},
            "authored": f"{day}T15:00:00Z",
            "item": [
                {"linkId": f"/{loinc}", "answer": [{"valueCoding": {"code": ANSWERS[point]}}]}
                for loinc, point in zip(PHQ, points.tolist(), strict=True)
            ],
        })  # fmt: skip
    else:
        found["Observation"].append({
            "resourceType": "Observation", "id": f"o{number}-{week}", "meta": _meta(day), "status": "final",
            "code": _coded("44261-6"), "subject": {"reference": reference},
            "effectiveDateTime": f"{day}T10:00:00-04:00",
            "valueQuantity": {"value": int(points.sum()), "unit": "{score}"},
        })  # fmt: skip


def _add_oddities(found: dict[str, list[Resource]]) -> None:
    """A corrected version, things entered in error, preliminary or unknown, and a score out of range."""
    corrected = {**found["Patient"][0], "gender": "other", "meta": _meta(LAST_DAY, 2)}
    found["Patient"].append(corrected)
    first = found["Observation"][0]
    found["Observation"] += [
        {**first, "id": "o-error", "status": "entered-in-error"},
        {**first, "id": "o-preliminary", "status": "preliminary"},
        {**first, "id": "o-weight", "code": _coded("29463-7")},
        {**first, "id": "o-high", "valueQuantity": {"value": 72}},
    ]
    found["EpisodeOfCare"].append({**found["EpisodeOfCare"][1], "id": "e-planned", "status": "planned"})
    found["Encounter"].append({**found["Encounter"][0], "id": "v-local", "period": {"start": "2026-04-01T09:00:00"}})
    form = found["QuestionnaireResponse"][0]
    found["QuestionnaireResponse"].append({**form, "id": "q-part", "item": form["item"][:8]})


if __name__ == "__main__":
    write_bundle(Path(sys.argv[1]) if len(sys.argv) > 1 else OUT)
