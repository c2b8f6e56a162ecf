"""Files of version 1: read them with the meaning they had when the program knew the shipped questionnaire by heart.

Version 1 had no ``use``, ``section``, ``moment`` or ``agrees``. The report took them from the codes, dimensions and
wave keys of the shipped questionnaire. This module is the only one that still knows these codes; it fills in the keys
of version 2 where they follow from them. ``vunki-eval new --upgrade`` writes the same keys into the files.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from vunki_eval.project.answers import upper_values
from vunki_eval.project.uses import USES

NEWEST = 2
MOMENTS = {"pre": "before", "post": "end", "followup": "later"}
AGREES = ("yes", "jah", "1", "true")
EVENT_KIND = "loometalgud"
ITEMS = {
    "CO0": "consent", "PR1": "sector", "PR2": "role", "PR3": "municipality", "PR3B": "municipality_part", "PR4": "age",
    "PR5": "earlier_events", "PR6": "gender", "TM": "team", "NW1": "contacts", "NW2": "partner_sectors",
    "NW3": "new_contacts", "NW4": "new_contacts_across", "NW5": "joint_plans", "NW6": "contacts_kept",
    "NW8": "new_contact_sectors", "SA1": "satisfaction", "SA2": "recommendation", "IN1": "continuation",
    "IN2": "ability", "IN3": "intended_practice", "IN3C": "practice", "IN3N": "practice_times", "FU1": "stage",
    "FU2a": "team_hours", "FU2b": "team_money", "FU2c": "team_partners", "FU3": "event_share",
    "VH1": "volunteer_hours", "OQ1": "valued", "OQ2": "hindered", "OQ3": "next_step",
}  # fmt: skip
SCALES = {
    "TS": "cross_sector_trust", "TR": "general_trust", "TN": "control", "TT": "team_trust", "CE": "skills",
    "CA": "attitude", "RT": "looking_back", "CX": "experience", "PS": "process",
}  # fmt: skip
SECTIONS: tuple[dict[str, Any], ...] = (
    {"key": "trust", "title": {"et": "Usaldus", "en": "Trust"}, "dimensions": ("trust", "team trust")},
    {"key": "networking", "title": {"et": "Võrgustik", "en": "Networking"}, "dimensions": ("networking",)},
    {"key": "cocreation", "title": {"et": "Koosloomeoskused", "en": "Co-creation skills"},
     "dimensions": ("co-creation", "attitude")},
    {"key": "experience", "title": {"et": "Osalemiskogemus", "en": "Experience of the event"},
     "dimensions": ("experience", "process", "satisfaction")},
    {"key": "open", "title": {"et": "Vabad vastused", "en": "Open answers"}, "dimensions": ("open",)},
    {"key": "ideas", "title": {"et": "Mis sai ideedest", "en": "What became of the ideas"},
     "dimensions": ("continuation", "volunteering", "followup")},
)  # fmt: skip


def complete_instrument(data: Any) -> Any:
    """Fill in what version 1 left unsaid; data of another version or of another shape stay as they are.

    Parameters
    ----------
    data : Any
        The instrument as it stands in the file.
    """
    if not isinstance(data, Mapping) or data.get("schema", 1) != 1:
        return data
    waves, items, scales, sets = (_tables(data, name) for name in ("wave", "item", "scale", "response_set"))
    added = added_keys(data)
    completed = dict(data) | {"schema": NEWEST}
    for name, tables in (("wave", waves), ("item", items), ("scale", scales), ("response_set", sets)):
        if name in data and tables is not None:
            completed[name] = [dict(t) | added.get((name, i), {}) for i, t in enumerate(tables)]
    if "section" not in data and (sections := _sections(items or ())):
        completed["section"] = sections
    return completed


def complete_project(data: Any) -> Any:
    """Fill in what version 1 of ``project.toml`` left unsaid: the reports spoke of one kind of event."""
    if not isinstance(data, Mapping) or data.get("schema", 1) != 1:
        return data
    about = data.get("project")
    about = {"event_kind": EVENT_KIND} | dict(about) if isinstance(about, Mapping) else about
    return dict(data) | {"schema": NEWEST} | ({"project": about} if about is not None else {})


def added_keys(data: Mapping[str, Any]) -> dict[tuple[str, int], dict[str, Any]]:
    """Say which keys of version 2 follow for each entry, by the name of its table and its place in the file."""
    waves, items, scales, sets = (_tables(data, name) or () for name in ("wave", "item", "scale", "response_set"))
    added: dict[tuple[str, int], dict[str, Any]] = {}
    for place, moment in enumerate(_moments([str(w.get("key")) for w in waves])):
        added["wave", place] = _unless_given(waves[place], {"moment": moment})
    for name, entries, uses, id_key in (("item", items, ITEMS, "code"), ("scale", scales, SCALES, "key")):
        for place, entry in enumerate(entries):
            use = uses.get(str(entry.get(id_key)), "consent" if entry.get("role") == "consent" else "")
            kind = "scale" if name == "scale" else str(entry.get("kind", "single"))
            if use and kind in USES[use].kinds:
                added[name, place] = _unless_given(entry, {"use": use})
    consenting = {i.get("response_set") for i in items if i.get("role") == "consent"}
    rating = {i.get("response_set") for i in items if i.get("role") != "profile"}
    for place, entry in enumerate(sets):
        keys = _agrees(entry) if entry.get("key") in consenting else {}
        keys |= _favourable(entry) if entry.get("key") in rating else {}
        added["response_set", place] = _unless_given(entry, keys)
    return {place: keys for place, keys in added.items() if keys}


def _tables(data: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], ...] | None:
    entries = data.get(name)
    is_list = isinstance(entries, list | tuple) and all(isinstance(e, Mapping) for e in entries)
    return tuple(entries) if is_list and entries is not None else None


def _unless_given(entry: Mapping[str, Any], keys: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in keys.items() if k not in entry}


def _moments(keys: list[str]) -> list[str]:
    """Give known keys their moment; where a key is unknown, the order of the file decides for all."""
    if all(k in MOMENTS for k in keys):
        return [MOMENTS[k] for k in keys]
    return ["end"] if len(keys) == 1 else ["before", "end", *["later"] * len(keys)][: len(keys)]


def _agrees(entry: Mapping[str, Any]) -> dict[str, Any]:
    agreeing = [v for v in _values(entry) if str(v) in AGREES]
    return {"agrees": agreeing} if agreeing else {}


def _favourable(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the highest band as the favourable answers, where the rule of version 2 would choose others."""
    bands: Any = entry.get("bands")
    values = [v for v in _values(entry) if isinstance(v, int)]
    if not bands or not entry.get("ordered", True) or not values:
        return {}
    top = bands[-1] if _is_list(bands) and _is_list(bands[-1]) else ()
    by_rule = upper_values(tuple(sorted(values)))
    return {"favourable": list(top)} if top and {*top} != {*by_rule} else {}


def _values(entry: Mapping[str, Any]) -> list[Any]:
    options: Any = entry.get("options")
    return [o["value"] for o in options if isinstance(o, Mapping) and "value" in o] if _is_list(options) else []


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _sections(items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Take the sections of the shipped report for whose dimensions there are items."""
    asked = {i.get("dimension") for i in items}
    return [s for s in SECTIONS if asked & set(s["dimensions"])]
