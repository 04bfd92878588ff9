"""The blanks of a question: what may be put into one, and how what a person gives becomes an RDF term.

Ages are whole months after birth, negative before birth.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from pyoxigraph import Literal, NamedNode
from rapidfuzz import fuzz, utils

from childdev import terms
from childdev.ages import age
from childdev.errors import ParameterError
from childdev.model.iris import ID, KINDS, PREFIXES, kind_and_slug
from childdev.model.modules import RDF_TYPE
from childdev.store.reader import ALT_LABEL, Reader

#: what a blank may ask for: a kind of thing, or a narrower class of one; each with its words for people
OF: Mapping[str, tuple[NamedNode, str]] = {
    **{kind: (cls, kind.replace("-", " ")) for kind, cls in KINDS.items()},
    "capital": (terms.Capital, "form of capital"),
    "level": (terms.EnvironmentLevel, "level"),
    "system-feature": (terms.SystemFeature, "feature of an effective local system"),
    "step": (terms.GraduatedStep, "step of the graduated approach"),
    "need-area": (terms.NeedArea, "area of need"),
    "need-type": (terms.NeedType, "type of need"),
}

#: names that stand in the middle of a sentence as common words do; all others are put between quotation marks
_PLAIN = frozenset({"stage", "domain", "level", "tier", "capital"})
#: of 200, how near a name must come to be offered
_NEAR = 110
_INTEGER = NamedNode(PREFIXES["xsd"] + "integer")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PARTS = {"½": Fraction(1, 2), "¼": Fraction(1, 4), "¾": Fraction(3, 4), "1/2": Fraction(1, 2)}
_YEARS = r"(?P<years>\d+(?:\.\d+)?)?\s*(?P<part>½|¼|¾|\b1/2)?\s*(?:years?|yrs?|y)"
_MONTHS = r"(?P<months>-?\d+)\s*(?:months?|mths?|mo|m)?"
_AGE = re.compile(rf"(?:{_YEARS})?(?:\s*(?:,|and)?\s*{_MONTHS})?(?:\s+old)?", re.IGNORECASE)


@dataclass(frozen=True)
class Choice:
    """One of the values of a closed list, and its words."""

    value: str
    label: str


@dataclass(frozen=True)
class Value:
    """What fills a blank: the term (None where it is left open), its words, and the shortest way to give it again."""

    term: NamedNode | Literal | None
    text: str
    given: str


@dataclass(frozen=True)
class Parameter:
    """A blank: its kind (thing, integer or choice), what it allows, and what stands in it if nothing is given."""

    name: str
    label: str
    kind: str
    of: str = ""
    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = True
    default: str = ""
    any: str = ""
    hint: str = ""

    @property
    def variable(self) -> str:
        """Its variable in the query, named as grlc does: `_feature_iri`, `_age_integer`, `_link`."""
        return f"_{self.name}" + {"thing": "_iri", "integer": "_integer", "choice": ""}[self.kind]

    def read(self, given: str, reader: Reader) -> Value:
        """The value for what was given: an address, a slug or an exact label; a number or an age; a choice.

        Raises:
            ParameterError: nothing was given where something must be, or it does not fit; names near matches.
        """
        given = " ".join(given.split()) or self.default
        if not given:
            if self.required:
                raise ParameterError(f"“{self.label}” is empty. {self.hint or f'Give {self._wanted()}.'}")
            return Value(None, self.any, "")
        if self.kind == "thing":
            return self._thing(given, reader)
        return self._choice(given) if self.kind == "choice" else self._number(given)

    def _wanted(self) -> str:
        if self.kind == "thing":
            words = OF[self.of][1]
            return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
        if self.kind == "choice":
            return "one of " + ", ".join(c.value for c in self.choices)
        low, high = (in_words(x, self.unit) if x is not None else "" for x in (self.minimum, self.maximum))
        number = "an age in months, such as 30 or 2½ years" if self.unit == "months" else "a whole number"
        return number + (f", from {low} to {high}" if low and high else "")

    def _thing(self, given: str, reader: Reader) -> Value:
        cls, words = OF[self.of]
        found = _named(given, self.of, reader)
        if found is None or not reader.holds(found, RDF_TYPE, cls):
            names = _names(cls, reader)
            called = sorted({iri for name, iri in names if name.casefold() == given.casefold()})
            if len(called) != 1:
                near = [NamedNode(iri) for iri in called] or _near(given, names)
                close = "; ".join(f"{reader.label(n)} ({_slug(n)})" for n in near)
                wrong = "more than one" if called else "no"
                raise ParameterError(
                    f"“{self.label}”: there is {wrong} {words} called “{given}”."
                    + (
                        f" Did you mean one of these? {close}"
                        if close
                        else f" {self.hint or f'Give {self._wanted()}.'}"
                    )
                )
            found = NamedNode(called[0])
        label = reader.label(found)
        return Value(found, _in_sentence(label, self.of), _slug(found))

    def _choice(self, given: str) -> Value:
        for choice in self.choices:
            if given.casefold() in {choice.value.casefold(), choice.label.casefold()}:
                return Value(Literal(choice.value), choice.label, choice.value)
        raise ParameterError(f"“{self.label}” can't be “{given}”. Give {self._wanted()}.")

    def _number(self, given: str) -> Value:
        number = months(given) if self.unit == "months" else _whole(given)
        if number is None:
            raise ParameterError(f"“{self.label}”: “{given}” can't be read. Give {self._wanted()}.")
        low, high = self.minimum, self.maximum
        if (low is not None and number < low) or (high is not None and number > high):
            words = in_words(number, self.unit)
            raise ParameterError(f"“{self.label}”: {words} is out of range. Give {self._wanted()}.")
        return Value(Literal(str(number), datatype=_INTEGER), in_words(number, self.unit), str(number))


def months(given: str) -> int | None:
    """An age in whole months, from "30", "30 months", "2y6m", "2½ years" or "birth"; None where it is not one."""
    if given.casefold() == "birth":
        return 0
    match = _AGE.fullmatch(given.strip())
    if match is None or not any(match.group("years", "part", "months")):
        return None
    years = Fraction(match["years"] or 0) + _PARTS.get(match["part"] or "", Fraction(0))
    total = years * 12 + int(match["months"] or 0)
    return int(total) if total.denominator == 1 else None


def in_words(number: int, unit: str = "months") -> str:
    """A number with its unit; an age as people say it."""
    return age(number) if unit == "months" else f"{number} {unit}".strip()


def _in_sentence(label: str, of: str) -> str:
    if of in _PLAIN:
        plain = label[:1].lower() + label[1:]
        return f"the {plain} stage" if of == "stage" else plain
    return f"“{label.rstrip('.')}”"


def _whole(given: str) -> int | None:
    return int(given) if re.fullmatch(r"-?[0-9]{1,9}", given) else None


def _named(given: str, of: str, reader: Reader) -> NamedNode | None:
    """The thing at an address or with a slug, where there is one."""
    if given.startswith(("http://", "https://")):
        try:
            return NamedNode(given)
        except ValueError:
            return None
    kind = "need" if of.startswith("need-") else of
    return NamedNode(f"{ID}{kind}/{given}") if _SLUG.fullmatch(given) else None


def _names(cls: NamedNode, reader: Reader) -> list[tuple[str, str]]:
    """Every name of every thing of a class, with its address: the labels first."""
    things = reader.subjects(RDF_TYPE, cls)
    labels = [(reader.label(t), t.value) for t in things]
    others = [(a.value, t.value) for t in things for a in reader.objects(t, ALT_LABEL) if isinstance(a, Literal)]
    slugs = [(_slug(t).replace("-", " "), t.value) for t in things]
    return [*labels, *others, *slugs]


def _near(given: str, names: list[tuple[str, str]]) -> list[NamedNode]:
    """The three things with the nearest names. The whole counts beside its parts, lest short words decide."""
    words = utils.default_process(given)
    scores = [
        (fuzz.WRatio(words, name) + fuzz.token_sort_ratio(words, name), iri)
        for name, iri in ((utils.default_process(name), iri) for name, iri in names)
    ]
    near = sorted((s for s in scores if s[0] >= _NEAR), key=lambda s: (-s[0], s[1]))
    return [NamedNode(iri) for iri in dict.fromkeys(iri for _, iri in near)][:3]


def _slug(node: NamedNode) -> str:
    named = kind_and_slug(node)
    return named[1] if named else node.value
