"""The roles that people give when they join, by sector. A role is all that is known of a person."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """A role: its key, its words, and the sector in which its views are told."""

    key: str
    label: str
    sector: str


#: sector → its words, in the order in which they are offered
SECTORS = {
    "families": "Families and young people",
    "health": "Health",
    "education": "Nursery, school and college",
    "care": "Social care and early help",
    "community": "Community and voluntary",
    "council": "Council and commissioning",
    "facilitation": "Facilitation",
    "other": "Other",
}

ROLES = {
    role.key: role
    for role in (
        Role("parent-carer", "Parent or carer", "families"),
        Role("young-person", "Young person", "families"),
        Role("family-member", "Grandparent or other family member", "families"),
        Role("midwife", "Midwife", "health"),
        Role("health-visitor", "Health visitor", "health"),
        Role("school-nurse", "School nurse", "health"),
        Role("doctor", "GP or paediatrician", "health"),
        Role("speech-and-language-therapist", "Speech and language therapist", "health"),
        Role("therapist", "Occupational therapist or physiotherapist", "health"),
        Role("mental-health-practitioner", "Mental health practitioner", "health"),
        Role("early-years-practitioner", "Early years practitioner or childminder", "education"),
        Role("teacher", "Teacher", "education"),
        Role("teaching-assistant", "Teaching assistant", "education"),
        Role("senco", "SENCO", "education"),
        Role("school-leader", "Head teacher or other leader", "education"),
        Role("educational-psychologist", "Educational psychologist", "education"),
        Role("social-worker", "Social worker", "care"),
        Role("family-support-worker", "Family support or early help worker", "care"),
        Role("youth-worker", "Youth worker", "community"),
        Role("voluntary-organisation", "Voluntary organisation or parent carer forum", "community"),
        Role("library-or-leisure", "Library, play or leisure", "community"),
        Role("council-officer", "Council officer", "council"),
        Role("commissioner", "Commissioner", "council"),
        Role("facilitator", "Facilitator", "facilitation"),
        Role("other", "Other", "other"),
    )
}

#: roles that can be chosen when joining
OFFERED = tuple(key for key in ROLES if key != "facilitator")
_COLOURS = ("body", "talk", "thinking", "feelings", "together")
_SHAPES = ("circle", "square", "triangle", "diamond", "hexagon")


def mark(number: int) -> dict[str, str]:
    """The colour and shape of a participant; the first 25 are all different."""
    step, turn = number % 5, number // 5
    return {"colour": _COLOURS[step], "shape": _SHAPES[(step + turn) % 5]}


def by_sector(keys: tuple[str, ...] = OFFERED) -> list[tuple[str, list[Role]]]:
    """The roles offered, under the words of their sector."""
    roles = [ROLES[k] for k in keys]
    grouped = [(label, [r for r in roles if r.sector == sector]) for sector, label in SECTORS.items()]
    return [(label, some) for label, some in grouped if some]
