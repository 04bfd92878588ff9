"""A small model of a handful of things, to see what a page says of each; and pages without a server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, parse, serialize

from childdev.model.iris import PREFIXES
from childdev.store.reader import Reader
from childdev.views import overview
from childdev.web.templating import environment

FRAME = """
stage:perinatal a cd:Stage ; skos:prefLabel "Perinatal" ; cd:fromMonths -9 ; cd:toMonths 1 .
stage:early-childhood a cd:Stage ; skos:prefLabel "Early childhood" ; cd:fromMonths 1 ; cd:toMonths 60 .
stage:primary a cd:Stage ; skos:prefLabel "Primary" ; cd:fromMonths 60 ; cd:toMonths 132 .
domain:communication-and-language a cd:Domain ; skos:prefLabel "Communication and language" .
domain:numeracy a cd:Domain ; skos:prefLabel "Numeracy" ; cd:startsLater "Amounts come to matter in the first year." .
level:family a cd:EnvironmentLevel ; skos:prefLabel "Family and home" .
level:setting a cd:EnvironmentLevel ; skos:prefLabel "Setting" .
tier:universal a cd:ProvisionTier ; skos:prefLabel "Universal" ; cd:position 1 .
tier:specialist a cd:ProvisionTier ; skos:prefLabel "Specialist" ; cd:position 3 .
cd:emerging a cd:EvidenceStrength . cd:contested a cd:EvidenceStrength .
"""


def feature(slug: str, label: str, first: int, last: int, stage: str = "early-childhood", more: str = "") -> str:
    """A feature of communication and language in Turtle."""
    return (
        f'feature:{slug} a cd:Feature ; skos:prefLabel "{label}" ; cd:inDomain domain:communication-and-language ; '
        f"cd:inStage stage:{stage} ; cd:typicalFromMonths {first} ; cd:typicalToMonths {last} {more} .\n"
    )


def claim(slug: str, subject: str, relation: str, about: str | None, more: str = "", basis: str = "read") -> str:
    """A claim in Turtle."""
    object = f"cd:claimObject {about} ; " if about else ""
    return (
        f"claim:{slug} a cd:Claim ; cd:claimSubject {subject} ; cd:claimProperty cd:{relation} ; {object}"
        f'cd:strength cd:emerging ; cd:basis "{basis}" {more} .\n'
    )


def reader(folder: Path, turtle: str) -> Reader:
    """A reader over the frame and some Turtle, in which all usual prefixes are known."""
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    file = folder / "dataset.nq"
    quads = parse((prefixes + FRAME + turtle).encode(), RdfFormat.TURTLE)
    file.write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")
    return Reader("small", file)


def page(reader: Reader, template: str, **values: Any) -> str:
    """The HTML of a page."""
    known = {"path": "/", "version": "small", "stages": overview.stages(reader)}
    return environment.get_template(template).render(**known, **values)
