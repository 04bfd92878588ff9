"""What the forms of "Not there yet?" hold, and how their answers are sent so that nobody keeps them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import QueryParams

from childdev.errors import TicksError
from childdev.model.iris import iri
from childdev.pathways.not_yet import MOST_WEEKS_EARLY, Age, Ticks
from childdev.store.reader import Reader
from childdev.views.asked import features
from childdev.views.words import FAMILIES
from childdev.web.forms import whole_number
from childdev.web.problems import RequestError
from childdev.web.templating import page

#: ages asked about, in months after birth
OLDEST = 228
#: the most features that may be ticked at once
MOST = 400
#: weeks until a review: the soonest that may be chosen, what is proposed, the latest
_REVIEW = (1, 8, 26)
#: what each family of domains is about
ASPECTS = {
    "body": "health, movement, senses, self-care",
    "talk": "communication, language, reading and writing",
    "thinking": "thinking, attention, number",
    "feelings": "feelings, calming, who I am",
    "together": "friends, play, growing up",
}
_TICKS = ("seen", "not-yet", "not-sure")


class TicksRoute(APIRoute):
    """A page of "Not there yet?": what can't be taken is told on its first page, with where to turn, kept by nobody."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request."""
        answer = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await answer(request)
            except (TicksError, RequestError) as e:
                return start_page(request, str(e), status=e.status)

        return told


def private(response: Response) -> Response:
    """Let an answer be kept by nobody."""
    response.headers["Cache-Control"] = "no-store"
    return response


def review_dates() -> tuple[str, str, str]:
    """The soonest, the proposed and the latest day of a review, as in ISO 8601."""
    today = datetime.now(UTC).date()
    soonest, proposed, latest = ((today + timedelta(weeks=w)).isoformat() for w in _REVIEW)
    return soonest, proposed, latest


def review_of(fields: QueryParams) -> date:
    """The day of the review that was chosen; what is proposed where none was.

    Raises:
        TicksError: it is no day, or too soon or too late.
    """
    soonest, proposed, latest = review_dates()
    try:
        chosen = date.fromisoformat(fields.get("review") or proposed)
    except ValueError:
        raise TicksError("The day of the review is not a date. Write it as 2027-01-20.") from None
    if not soonest <= chosen.isoformat() <= latest:
        raise TicksError("Choose a day for the review between one week and half a year from now.")
    return chosen


def typed_age(fields: QueryParams) -> Age:
    """The age that somebody typed, in years and months.

    Raises:
        TicksError: says what to mend.
    """
    years, months, early = (fields.get(key, "").strip() for key in ("years", "months", "early"))
    if not years and not months:
        raise TicksError("Say how old the child is, in years, months or both.")
    numbers = [whole_number(text) if text else 0 for text in (years, months, early)]
    if None in numbers:
        raise TicksError("Write the age in whole numbers, for instance 2 years and 6 months.")
    return _checked_age((numbers[0] or 0) * 12 + (numbers[1] or 0), numbers[2] or 0)


def age_of(fields: QueryParams) -> Age:
    """The age that a form carries on.

    Raises:
        TicksError: there is none, or it is out of range.
    """
    months, early = whole_number(fields.get("months")), whole_number(fields.get("early") or "0")
    if months is None or early is None:
        raise TicksError("The age is missing. Start again from “Not there yet?”.")
    return _checked_age(months, early)


def _checked_age(months: int, early: int) -> Age:
    if months > OLDEST:
        raise TicksError("This describes development up to 18 years. Choose an age up to then.")
    if early > MOST_WEEKS_EARLY:
        raise TicksError(f"A baby may be born up to {MOST_WEEKS_EARLY} weeks early. Look at the number of weeks again.")
    return Age(months, early)


def aspects_of(fields: QueryParams) -> list[str]:
    """The families of domains that were chosen."""
    return [f.key for f in FAMILIES if f.key in fields.getlist("aspect")]


def ticks_of(reader: Reader, fields: QueryParams) -> Ticks:
    """What was ticked; fields that are no feature are passed over."""
    found: dict[str, set[str]] = {word: set() for word in _TICKS}
    for name, value in fields.multi_items()[:MOST]:
        if name.startswith("f.") and value in found and (f := known_feature(reader, name[2:])):
            found[value].add(f)
    return Ticks(*(frozenset(found[word]) for word in _TICKS))


def known_feature(reader: Reader, slug: str) -> str | None:
    """The name of the feature with a slug, if there is one that is still in use."""
    return iri("feature", slug).value if slug in features(reader) else None


def features_of(reader: Reader, fields: QueryParams) -> list[str]:
    """The features that a form names as such, each once."""
    named = [known_feature(reader, slug) for slug in fields.getlist("feature")[:MOST]]
    return list(dict.fromkeys(f for f in named if f))


def start_page(
    request: Request,
    wrong: str = "",
    sheet_wrong: str = "",
    status: int | None = None,
    given: Mapping[str, str] | None = None,
) -> Response:
    """The first page, with what is wrong with the age or with a kept sheet."""
    typed = {"years": "", "months": "", "early": "", **(given or {})}
    status = status or (422 if wrong or sheet_wrong else 200)
    return private(
        page(
            request,
            "not-yet.html",
            status,
            wrong=wrong,
            sheet_wrong=sheet_wrong,
            given=typed,
            families=FAMILIES,
            aspects=ASPECTS,
        )
    )
