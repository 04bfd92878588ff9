"""Turns of phrase in which people slip somebody's name: "my son Sam", "a girl called Aisha", "Mrs Okoro"."""

from __future__ import annotations

import re


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


_NAME = r"(?P<name>(?:[A-Z]')?[A-ZÀ-ÖØ-ÞŁŚŠŻŽČĆ][a-zà-öø-ÿłśšżžčćğıńęą]+(?:['-][A-Z]?[a-zà-ÿ]+)?)\b"
_CHILD = (
    r"(?:(?:step|grand|foster|god)[ -]?)?(?:son|daughter|child|boy|girl|baby|toddler|lad|kid|nephew|niece|brother|"
    r"sister|twins?|pupil|student|teenager|cousin|grandchild|little one|eldest|youngest|[Yy]ear \d+)"
)
_ADULT = (
    r"(?:(?:step|grand|foster|god)[ -]?)?(?:mum|mam|mom|mummy|dad|daddy|mother|father|nan|gran|grandad|auntie?|"
    r"uncle|husband|wife|partner|teacher|key ?worker|key person|childminder|social worker|neighbour|friend|TA|SENCO|"
    r"carer)"
)
_PERSON = rf"(?:{_CHILD}|{_ADULT})"
_OWNER = r"\b(?:[Mm]y|[Oo]ur|[Hh]is|[Hh]er|[Tt]heir)"
_BETWEEN = r"(?: [a-z0-9-]+){0,3}"
NUMBER = (
    r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|"
    r"fourteen|fifteen|sixteen)"
)

PATTERNS = tuple(
    re.compile(p)
    for p in (
        # "her name is Sam", "a boy whose name's Sam", "name: Sam"
        rf"\b[Nn]ame(?: is|'s| was| =|:| -) ?{_NAME}",
        # the same typed without capitals
        r"\b(?:[Mm]y|[Hh]is|[Hh]er|[Tt]he (?:child|boy|girl|pupil)'s|[Cc]hild'?s|[Ss]on'?s|[Dd]aughter'?s) "
        r"name(?: is|'s|:) (?P<low>[a-z]{2,})\b",
        # "a child called Sam", "he is called Sam"
        rf"\b{_PERSON}{_BETWEEN},? (?:(?:who is|who's|is|was) )?(?:called|named) {_NAME}",
        rf"\b(?:[Hh]e|[Ss]he|[Tt]hey|I)(?: is| was| are|'s|'re| am|'m) (?:called|named) {_NAME}",
        # "my little boy Sam", "our daughter, Aisha"; "Sam is my son", "Sam, our eldest"
        rf"{_OWNER}(?: [a-z0-9-]+){{0,3}} {_PERSON},? \(?{_NAME}",
        rf"{_NAME}(?: is|,|'s) (?:my|our|his|her|their) (?:[a-z0-9-]+ ){{0,2}}{_PERSON}\b",
        # "Sam's mum", "mother of Sam"
        rf"\b{_NAME}'s {_ADULT}\b",
        rf"\b{_ADULT} (?:of|to) {_NAME}",
        # "Mrs Okoro"
        rf"\b(?:Mr|Mrs|Ms|Miss|Mx)\.? {_NAME}",
        # "Sam, aged 4", "Sam (4)", "Sam is four years old"
        rf"\b{_NAME},? (?:is |who is )?aged {NUMBER}\b(?! to| and| or|-)",
        rf"\b{_NAME} (?:is|was|who is),? (?:only |just |now |nearly )?{NUMBER} "
        r"(?:years?|months?|weeks?)(?: old| of age)",
        rf"\b(?:a |an |the )?(?:\d{{1,2}}|[a-z]+)[ -](?:year|month)[ -]old (?:boy |girl |child )?{_NAME}",
        rf"\bI(?:'m| am) {_NAME},? (?:the |a )?(?:[a-z]+ )?{_ADULT}\b",
    )
)

_MANY = re.compile(r"(?:children|people|pupils|babies|adults|families|ings?)$", re.I)
#: words with a capital that stand where a name could
_NO_NAMES = words(
    """
    A An And Any Anyone Are As At Baby Be Both But Can Care Carer Child Code Communication Day Each Early Eating
    Education English Every Everyone Family Father First For From Goes Good Has He Health Help Her Here His How
    I If In Is It Its Key Language Learning Level Little Look Looks Mother My Next No Nobody None Not Now
    Nursery Of On One Only Or Our Parent Parents Person Play Please Pupil Reads Reception School Section See
    Sees Sen Send She Sign Signs So Some Somebody Someone Stage Start Student Talks Teacher Team That The Their
    Then There These They This Those To Today Toddler Tomorrow Two Uses Walks We What When Where Which Who Why
    Will With Year Years Yes Yesterday You Young Your Youth Braille Makaton British Deaf Autistic Muslim
    Christian Jewish Hindu Sikh Polish Welsh Irish Scottish Romanian Urdu Punjabi Bengali Arabic Somali French
    Spanish German Portuguese Chinese Roma Gypsy Traveller Christmas Easter Eid Ramadan Diwali England Britain
    Wales Scotland Ireland London Europe Monday Tuesday Wednesday Thursday Friday Saturday Sunday January
    February March April May June July August September October November December
    """
)
#: small words that come after "her name is" without being a name
_NO_LOW_NAMES = words(
    """
    a about all already also always an and another as asked at being by called changed clear different easy
    everywhere familiar first for from given hard heard here important in it just kept known last learnt left
    less long new no not of often on one only or part pronounced put read ready recognised right said seen
    shared short shown signed so something spelled spelt still that the their there to too tricky unknown up
    used usually very what where which with withheld wrong written
    """
)


def is_name(found: re.Match[str]) -> bool:
    """Whether what stands where a name could is not a common word."""
    parts = found.groupdict()
    if "low" in parts:
        return parts["low"] not in _NO_LOW_NAMES
    name = parts["name"]
    # at the start of a sentence a common word of many ("Children's teachers", "Pupils aged 5") has a capital as well
    return name not in _NO_NAMES and not re.search(
        r"(?:children|people|pupils|babies|adults|families|[a-z]+ings?)$", name.lower()
    )
