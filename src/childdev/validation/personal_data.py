"""A screen over free text for what would tell of one person: it is refused before anything is kept.

It looks for marks that are seldom anything else (a UPN or NHS number with its check, a full postcode, a
telephone number, a date of birth) and for turns of phrase in which people slip a name ("my son Sam"). It is
a net for slips and no proof that a text is free of personal data. What was found is never quoted, kept or logged.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from childdev.errors import Finding, PersonalDataError
from childdev.validation import personal_names as names


@dataclass(frozen=True)
class _Mark:
    """One kind of mark: what it is called, how to mend it, what it looks like, what makes it sure, its least digits."""

    kind: str
    mend: str
    pattern: re.Pattern[str]
    sure: Callable[[re.Match[str]], bool] = lambda _: True
    digits: int = 1
    in_addresses: bool = False

    def stands_in(self, text: str) -> bool:
        """Whether it is in a text for sure."""
        return self.pattern.search(text) is not None and any(map(self.sure, self.pattern.finditer(text)))


def screen(text: str) -> list[Finding]:
    """What in a text would tell of one person: `where` is the kind of thing found, `message` how to mend it.

    Each kind is told once, in a fixed order. The text itself is in no finding.
    """
    plain = _plain(text)
    without_addresses = _ADDRESS.sub(" ", plain)
    digits = len(_DIGIT.findall(without_addresses))
    found = {
        mark.kind: mark.mend
        for mark in _MARKS
        if digits >= mark.digits and mark.stands_in(plain if mark.in_addresses else without_addresses)
    }
    return [Finding(kind, f"This seems to hold {kind}. {mend}") for kind, mend in found.items()]


def refuse(texts: Iterable[str]) -> None:
    """Refuse texts that would tell of one person.

    Raises:
        PersonalDataError: some text does; its findings say what kind of thing was found and how to mend it.
    """
    found = list(dict.fromkeys(finding for text in texts for finding in screen(text)))
    if found:
        raise PersonalDataError(
            "This can't be kept, because it seems to tell of one person. Nothing was stored. Take that part out "
            "and send it again.",
            found,
        )


_ADDRESS = re.compile(r"\b(?:https?://|www\.|doi:)\S+", re.I)
_DIGIT = re.compile(r"\d")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_QUOTES = dict.fromkeys(map(ord, "’‘ʼ`´"), "'")
_ALIKE = _DASHES | _QUOTES


def _plain(text: str) -> str:
    """Wide and styled letters made plain, what can't be seen taken out, dashes, quotes and spaces made one."""
    seen = text  # in plain ASCII nothing is wide, styled or unseen
    if not text.isascii():
        seen = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return re.sub(r"\s+", " ", seen.translate(_ALIKE))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _is_upn(found: re.Match[str]) -> bool:
    """The letter in front of a unique pupil number is worked out from the twelve characters after it."""
    letters = "ABCDEFGHJKLMNPQRTUVWXYZ"
    number = re.sub(r"[ -]", "", found[0]).upper()
    values = [int(c) if c.isdigit() else letters.find(c) for c in number[1:]]
    return -1 not in values and letters[sum(v * w for w, v in enumerate(values, start=2)) % 23] == number[0]


def _is_nhs(found: re.Match[str]) -> bool:
    """The last of ten digits is worked out from the nine before it; a book's number (ISBN) has the same check."""
    digits = [int(c) for c in _digits(found[0])]
    check = 11 - sum(d * w for d, w in zip(digits, range(10, 1, -1), strict=False)) % 11
    is_book = re.search(r"ISBN(?:-?10)?[: ]*$", found.string[: found.start()], re.I)
    return check % 11 == digits[9] and check != 10 and not is_book and len(set(digits)) > 1


def _is_postcode(found: re.Match[str]) -> bool:
    """Only within an area that there is; and "E1 2nd" is none, though it is written like one."""
    area, inward = found["area"], found["inward"]
    ordinal = re.fullmatch(r"1st|2nd|3rd|\dth", inward) and area != area.lower()
    return area.upper() in _AREAS and not ordinal


def _is_phone(found: re.Match[str]) -> bool:
    """Numbers of helplines (03.., 08..) belong to nobody."""
    digits = re.sub(r"^(?:00)?44", "0", _digits(found[0])).replace("00", "0", 1)
    return not digits.startswith(("03", "08"))


_AREAS = names.words(
    """
    AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN
    EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N
    NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN
    TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE
    """
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:\d{{1,2}}[/. -]\d{{1,2}}[/. -]\d{{2,4}}|(?:19|20)\d\d[/.-]\d{{1,2}}[/.-]\d{{1,2}}"
    rf"|(?:the )?{_DAY} (?:of )?{_MONTH}(?:,? \d{{2,4}})?|{_MONTH} {_DAY}(?:,? \d{{2,4}})?\b)"
)
_BIRTH = r"\b(?:birth ?da(?:y|te)|date of birth|d\.? ?o\.? ?b)\b"
_ONE = r"(?:he|she|they|i|who|child|boy|girl|son|daughter|baby|twins?|pupil|student|brother|sister)"

_MARKS = (
    _Mark(
        "an e-mail address",
        "Take it out; to name a service, give its web page.",
        re.compile(r"[\w+%'-] ?(?:@|[(\[]at[)\]]) ?[\w-]+(?:\.[\w-]+)+", re.I),
        digits=0,
        in_addresses=True,
    ),
    _Mark(
        "a pupil's number (UPN)",
        "Take it out; the model tells of children in general.",
        re.compile(r"(?<![\w/-])[A-HJ-NP-RT-Z](?:[ -]?\d){11}[ -]?[\dA-HJ-NP-RT-Z](?![\w/])", re.I),
        _is_upn,
        digits=11,
    ),
    _Mark(
        "a pupil's number (UPN)",
        "Take it out; the model tells of children in general.",
        re.compile(r"\b(?:UPN|unique pupil number)\b[\s:.,is-]{0,8}[A-Z]?\d{6}", re.I),
        digits=6,
    ),
    _Mark(
        "an NHS number",
        "Take it out; the model tells of children in general.",
        re.compile(r"(?<![\w/.-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\w/-]|\.\d)"),
        _is_nhs,
        digits=10,
    ),
    _Mark(
        "an NHS number",
        "Take it out; the model tells of children in general.",
        re.compile(r"\bNHS (?:no|num(?:ber)?)\b[\s:.,is-]{0,8}\d{3}", re.I),
        digits=3,
    ),
    _Mark(
        "a National Insurance number",
        "Take it out; the model tells of nobody in person.",
        re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?: ?\d\d){3} ?[A-D]\b"),
        digits=6,
    ),
    _Mark(
        "a postcode",
        "Take it out; say what kind of place it is, or name the council's area.",
        re.compile(r"\b(?P<area>[A-Z]{1,2})\d[\dA-Z]? ?(?P<inward>\d[ABD-HJLNP-UW-Z]{2})\b", re.I),
        _is_postcode,
        digits=2,
    ),
    _Mark(
        "a street and house number",
        "Take it out; say what kind of place it is.",
        re.compile(
            r"\b\d{1,4}[a-zA-Z]?,? (?:[A-Z][a-z']+ ){1,3}"
            r"(?:Road|Rd|Street|St|Avenue|Ave|Lane|Close|Drive|Crescent|Gardens|Terrace|Grove|Mews|Court)\b"
        ),
    ),
    _Mark(
        "a telephone number",
        "Take it out; to name a service, give its web page. Helplines that begin with 03 or 08 may stay.",
        re.compile(
            r"(?<![\w/.])(?:(?:\+|00)44[ .-]?(?:\(0\))?[ .-]?|\(?0)[1-9](?:\)?[ .-]{0,2}\d){8,9}(?![\w/]|[.-]\d)"
            r"|(?<![\w/.-])7[1-9]\d{2} ?\d{3} ?\d{3}(?![\w/-]|\.\d)"
        ),
        _is_phone,
        digits=10,
    ),
    _Mark(
        "a telephone number",
        "Take it out; to name a service, give its web page.",
        re.compile(
            r"(?<![\w/])\+(?!44)[1-9]\d{0,2}(?:[ .()-]{0,2}\d){7,12}(?!\w)"
            r"|\b(?:phone|mobile|mob|tel|telephone|whatsapp|text|ring|call)\b[^\w+]{0,4}(?:(?:me|us|him|her|on|is|no|number|at)\b[\s:.]{0,3}){0,3}"
            r"(?!0?[38])\d(?:[ -]?\d){5,10}\b",
            re.I,
        ),
        digits=6,
    ),
    _Mark(
        "a date of birth",
        "Take it out; say an age or a range of ages.",
        re.compile(
            rf"(?:\bborn\b(?! (?:between|before|after|since))|{_BIRTH})[^.;?!\n\d]{{0,20}}?{_DATE}"
            rf"|\b(?:date of birth|d\.? ?o\.? ?b)\b[^\w]{{0,4}}(?:is )?\d"
            rf"|\b{_ONE} (?:was|is|were) born (?:in|on) (?:{_MONTH}|early|late) ?(?:19|20)\d\d"
            rf"|\b(?:turn(?:s|ed)|will be|was) {names.NUMBER} on {_DATE}",
            re.I,
        ),
    ),
    _Mark(
        "a date of birth",
        "Take it out; say an age or a range of ages.",
        # the date comes first; it is looked for, which is dear, only in a text that has a word for birth
        re.compile(rf"\A(?=.*{_BIRTH}).*?{_DATE}[^.;?!\n\d]{{0,12}}{_BIRTH}", re.I | re.S),
    ),
    *(
        _Mark(
            "somebody's name",
            "Take it out; write “a child”, “a parent” or what the person does.",
            pattern,
            names.is_name,
            digits=0,
        )
        for pattern in names.PATTERNS
    ),
)
