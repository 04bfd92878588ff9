"""The model radar: where the model is strong and where it is thin, and what to ask a workshop next.

It measures the description and never children.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from childdev import terms as cd
from childdev.model.iris import iri
from childdev.store.reader import Reader
from childdev.views.overview import THIN, stages
from childdev.views.words import FAMILIES, Family

#: fewer features than this are too few to judge shares by
JUDGED_FROM = 3
#: the signs of a thin place, those first of which people who know children can say most
SIGNS = {
    "help": "help at two levels or more for fewer than half of its features",
    "few": f"fewer than {THIN} features, and nothing says why",
    "routes": "after the perinatal stage, no feature with another route to it",
    "numbers": "no published number that tells of it",
    "read": "fewer than half of its age ranges read in a source",
    "differ": "people differ about a fifth of its features or more",
}


@dataclass(frozen=True)
class Spot:
    """How well one aspect is described at one stage. All numbers count features."""

    domain: str
    domain_label: str
    stage: str
    stage_label: str
    features: int
    read: int = 0
    two_levels: int = 0
    routes: int = 0
    told: int = 0
    differ: int = 0
    level: str = ""
    later: str = ""

    @property
    def url(self) -> str:
        """The cell of the map."""
        return f"/map?domain={self.domain}&stage={self.stage}#cell"

    @property
    def read_percent(self) -> int:
        """How many age ranges were read in a source, in whole per cent."""
        return 100 * self.read // self.features if self.features else 0

    @property
    def helped_percent(self) -> int:
        """How many features have help at two levels or more, in whole per cent."""
        return 100 * self.two_levels // self.features if self.features else 0

    @property
    def signs(self) -> list[str]:
        """The signs of a thin place that it shows, in the order of `SIGNS`."""
        n = self.features
        shown = {"few": n < THIN and not self.later}
        if n >= JUDGED_FROM:
            shown |= {
                "help": 2 * self.two_levels < n,
                "routes": not self.routes and self.stage != "perinatal",
                "numbers": not self.told,
                "read": 2 * self.read < n,
                "differ": 5 * self.differ >= n,
            }
        return [sign for sign in SIGNS if shown.get(sign)]

    @property
    def words(self) -> str:
        """What is thin here, as one sentence."""
        n = self.features
        said = {
            "help": f"help at two levels or more for {self.two_levels} of {n}",
            "few": f"only {n} feature{'' if n == 1 else 's'}" if n else "no feature yet",
            "routes": "no other route to any",
            "numbers": "no published number tells of any",
            "read": f"{self.read} of {n} age ranges read in a source",
            "differ": f"people differ about {self.differ} of {n}",
        }
        parts = [said[sign] for sign in self.signs]
        if n and "few" not in self.signs:
            parts.insert(0, f"{n} features")
        text = "; ".join(parts)
        return f"{text[:1].upper()}{text[1:]}."


@dataclass(frozen=True)
class Ask:
    """A question to ask a workshop, and the place and sign for which it was chosen."""

    question: str
    spot: Spot
    sign: str


def next_questions(spots: Iterable[Spot], most: int = 5) -> list[Ask]:
    """The best questions to ask next.

    Places come in the order of `thinnest`. Each is asked about its first sign that no question above asked about,
    and no two questions are about one aspect.
    """
    asks: list[Ask] = []
    for spot in thinnest(spots):
        asked = {a.sign for a in asks}
        if len(asks) < most and spot.domain not in {a.spot.domain for a in asks}:
            sign = next((s for s in spot.signs if s not in asked), spot.signs[0])
            asks.append(Ask(question(spot, sign), spot, sign))
    return asks


def thinnest(spots: Iterable[Spot]) -> list[Spot]:
    """The places that show a sign, those with most first; of equals, those whose first sign comes earlier in `SIGNS`,
    then those with more features, then as in the map."""
    order = list(SIGNS)
    return sorted((s for s in spots if s.signs), key=lambda s: (-len(s.signs), order.index(s.signs[0]), -s.features))


_CHILDREN = {
    "perinatal": "babies before and just after birth",
    "early-childhood": "children under five",
    "primary": "primary-age children",
    "secondary": "secondary-age children",
}
_ASPECTS = {
    "physical-health-and-growth": "their health and growth",
    "motor": "movement",
    "sensory": "their senses",
    "self-care-and-independence": "looking after themselves",
    "communication-and-language": "communication and language",
    "literacy": "reading and writing",
    "cognition-and-executive-function": "thinking and attention",
    "numeracy": "numbers",
    "emotional-and-self-regulation": "their feelings",
    "identity-and-belonging": "identity and belonging",
    "social": "getting on with others",
    "play-and-creativity": "play and making things",
    "preparation-for-adulthood": "getting ready for adult life",
}
_BEYOND = {
    "individual": "beyond what is made to fit one child",
    "family": "beyond the family home",
    "setting": "beyond the classroom",
    "community": "beyond the neighbourhood",
    "system": "beyond services and rules for all",
}


def question(spot: Spot, sign: str) -> str:
    """The plain question that a sign of a place leads to."""
    children = _CHILDREN.get(spot.stage, f"children ({spot.stage_label.lower()})")
    aspect = _ASPECTS.get(spot.domain, spot.domain_label.lower())
    beyond = _BEYOND.get(spot.level, "beyond what we have described")
    if spot.level == "setting" and spot.stage in ("perinatal", "early-childhood"):
        beyond = "beyond nursery and clinic"
    return {
        "help": f"What helps {children} with {aspect}, {beyond}?",
        "few": f"What have we missed about {aspect} for {children}?",
        "routes": f"What other ways into {aspect} are there for {children} who see, hear, speak or move differently?",
        "numbers": f"How would we see, across a whole area, that {children} are doing well with {aspect}?",
        "read": f"At what ages do you see {children} make strides in {aspect}, and where could we read about it?",
        "differ": f"Where people differ about {aspect} for {children}, what have you seen yourself?",
    }[sign]


@lru_cache(maxsize=2)
def radar(reader: Reader) -> list[tuple[Family, list[tuple[str, list[Spot]]]]]:
    """Families of domains, and for each domain its name and a spot for each stage; once for each version."""
    facts = _Facts.of(reader)
    columns = stages(reader)
    return [
        (
            family,
            [
                (
                    reader.label(iri("domain", slug)),
                    [_spot(reader, facts, slug, column.slug, column.label) for column in columns],
                )
                for slug in family.domains
            ],
        )
        for family in FAMILIES
    ]


def all_spots(rows: list[tuple[Family, list[tuple[str, list[Spot]]]]]) -> list[Spot]:
    """Every spot of a radar, in the order of the map."""
    return [spot for _, domains in rows for _, spots in domains for spot in spots]


Pairs = dict[NamedNode, set[NamedNode]]


@dataclass(frozen=True)
class _Facts:
    """What the radar counts, each gathered in one pass."""

    in_domain: Pairs
    in_stage: Pairs
    levels: Pairs
    read: set[NamedNode]
    routes: set[NamedNode]
    told: set[NamedNode]
    differ: set[NamedNode]

    @classmethod
    def of(cls, reader: Reader) -> _Facts:
        at = _pairs(reader, cd.atLevel)
        levels: Pairs = defaultdict(set)
        for environment, features in _pairs(reader, cd.enables).items():
            for f in features:
                levels[f] |= at.get(environment, set())
        disputed = set(reader.subjects(cd.strength, cd.contested))
        touched = [features for claim, features in _pairs(reader, cd.touches).items() if claim in disputed]
        about_ages = _inverse(_pairs(reader, cd.claimProperty)).get(cd.typicalFromMonths, set())
        read = set(reader.subjects(cd.basis, _READ)) & about_ages
        return cls(
            in_domain=_inverse(_pairs(reader, cd.inDomain)),
            in_stage=_inverse(_pairs(reader, cd.inStage)),
            levels=levels,
            read={f for claim, about in _pairs(reader, cd.claimSubject).items() if claim in read for f in about},
            routes=set(_pairs(reader, cd.canAlsoGrowFrom)),
            told=set(_inverse(_pairs(reader, cd.measures))),
            differ=set().union(*touched),
        )


_READ = Literal("read")


def _pairs(reader: Reader, p: NamedNode) -> Pairs:
    found: Pairs = defaultdict(set)
    for q in reader.store.quads_for_pattern(None, p, None, None):
        if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode):
            found[q.subject].add(q.object)
    return found


def _inverse(pairs: Pairs) -> Pairs:
    found: Pairs = defaultdict(set)
    for s, objects in pairs.items():
        for o in objects:
            found[o].add(s)
    return found


def _spot(reader: Reader, facts: _Facts, domain: str, stage: str, stage_label: str) -> Spot:
    node = iri("domain", domain)
    some = facts.in_domain.get(node, set()) & facts.in_stage.get(iri("stage", stage), set())
    levels = Counter(level.value.rsplit("/", 1)[-1] for f in some for level in facts.levels.get(f, ()))
    return Spot(
        domain=domain,
        domain_label=reader.label(node),
        stage=stage,
        stage_label=stage_label,
        features=len(some),
        read=len(some & facts.read),
        two_levels=sum(len(facts.levels[f]) > 1 for f in some),
        routes=len(some & facts.routes),
        told=len(some & facts.told),
        differ=len(some & facts.differ),
        level=max(levels, key=lambda name: (levels[name], name)) if levels else "",
        later="" if some or stage != "perinatal" else reader.text(node, cd.startsLater),
    )
