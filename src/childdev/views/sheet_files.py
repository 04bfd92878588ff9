"""The dialogue sheet as a document and as a day in a calendar, and the codes of a sheet that a team kept."""

from __future__ import annotations

import re
import uuid
import zipfile
import zlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

from docx import Document
from docx.document import Document as DocumentObject
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from icalendar import Calendar, Event

from childdev.errors import TicksError
from childdev.views.sheet import Sheet

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: how large (in bytes) a kept sheet may be, and a part of it that is read
LARGEST = 5 << 20
_PART, _PARTS = 64 << 10, 1_000
_NAMESPACE = "https://w3id.org/childdev/def/sheet"
_CODES = re.compile(rb"<(?:\w+:)?features\b[^<>]*" + re.escape(_NAMESPACE).encode() + rb"[^<>]*>([a-z0-9 -]*)</")
_ITEM = re.compile(r"customXml/item\d+\.xml", re.IGNORECASE)
_FOREIGN = "This is not a sheet that was made here, so nothing was read from it."


def document(sheet: Sheet) -> bytes:
    """The sheet as a Word document (.docx), with the codes of its features in a part of their own."""
    made = Document()
    made.core_properties.title = "A sheet for our conversation"
    made.core_properties.author = ""
    made.core_properties.comments = ""
    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    style = made.styles["Normal"]
    style.font.name, style.font.size = "Arial", Pt(11)
    for section in made.sections:
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin = section.bottom_margin = Cm(1.8)
    _opening(made, sheet)
    for step in sheet.steps:
        made.add_heading(step.label, 1)
        made.add_paragraph(step.purpose)
        made.add_paragraph().add_run(f"Who joins: {step.who}.").italic = True
        if step.slug == "assess" and sheet.again:
            for f in sheet.features:
                _ask(made, f"What has changed with “{f.link.label}”? What do we see now?")
        for question in step.questions:
            _ask(made, question)
        made.add_paragraph(f"What we take with us: {step.leaves}")
    _closing(made, sheet)
    codes = " ".join(f.slug for f in sheet.features)
    blob = f'<?xml version="1.0" encoding="UTF-8"?>\n<features xmlns="{_NAMESPACE}">{codes}</features>'.encode()
    # item1 is there already, from the library's own template
    part = Part(PackURI("/customXml/item2.xml"), "application/xml", blob, made.part.package)
    made.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)
    written = BytesIO()
    made.save(written)
    return written.getvalue()


def _opening(made: DocumentObject, sheet: Sheet) -> None:
    made.add_heading("A sheet for our conversation", 0)
    made.add_paragraph(
        "A reference for talking together: not a screening instrument, not a medical device, never a diagnosis. "
        "Write the child's name on paper only, not in this file."
    )
    made.add_paragraph().add_run(f"We look again on {sheet.review_words}.").bold = True
    _ask(made, "Who is here today, and who is missing?")
    made.add_heading("What we talk about", 1)
    for f in sheet.features:
        made.add_paragraph(style="List Bullet").add_run(f.link.label).bold = True
        made.add_paragraph(f.words)
        if f.rests_on:
            made.add_paragraph(f"Usually grows from: {'; '.join(r.label for r in f.rests_on)}.")
        for place, helps in f.helps:
            made.add_paragraph(f"{place}: {helps.label}. {helps.note}")


def _closing(made: DocumentObject, sheet: Sheet) -> None:
    made.add_heading("How we talk", 1)
    for p in sheet.principles:
        made.add_paragraph(style="List Bullet").add_run(f"{p.label}: {p.means} {p.question}")
    made.add_heading("What we can draw on", 1)
    for form, assets in sheet.capital:
        made.add_heading(form, 2)
        for a in assets:
            held = ", ".join(h.label for h in a.holders)
            made.add_paragraph(f"{a.link.label} (held by: {held})", style="List Bullet")
    made.add_heading("If a child may be unsafe, or a skill is lost", 1)
    made.add_paragraph(
        "In danger or very ill: 999. May be unsafe: children's social care of the local council, or the NSPCC "
        "helpline, 0808 800 5000. Urgent health advice: NHS 111. A skill lost: GP or health visitor soon, and today if "
        "it came on quickly. A child or young person who wants to talk: Childline, 0800 1111."
    )


def _ask(made: DocumentObject, question: str) -> None:
    asked = made.add_paragraph()
    asked.paragraph_format.keep_with_next = True
    asked.add_run(question).bold = True
    made.add_paragraph("\n")


def calendar(review: date) -> bytes:
    """The day of the review as a calendar file (.ics): a whole day, in no time zone, with nothing about a child."""
    made, day = Calendar(), Event()
    made.add("prodid", "-//childdev//review//EN")
    made.add("version", "2.0")
    day.add("uid", f"{uuid.uuid4()}@childdev")
    day.add("dtstamp", datetime.now(UTC))
    day.add("dtstart", review)
    day.add("dtend", review + timedelta(days=1))
    day.add("summary", "Look again together (review)")
    day.add(
        "description", "Assess, plan, do, review: look together at what has changed. Bring the sheet that you kept."
    )
    day.add("transp", "TRANSPARENT")
    made.add_component(day)
    return bytes(made.to_ical())


def too_large() -> TicksError:
    """What to say of a kept sheet that is too large to be read."""
    return TicksError(f"This file is larger than {LARGEST >> 20} MB, so it was not read; take out pictures first.")


def codes(data: bytes) -> list[str]:
    """The slugs of the features on a sheet that a team kept. What was written on it is not read.

    Raises:
        TicksError: it is too large, damaged, or no sheet that was made here; one sentence for the one who sent it.
    """
    if len(data) > LARGEST:
        raise too_large()
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for blob in _items(archive):
                if found := _CODES.search(blob):
                    return found[1].decode().split()
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, OSError, ValueError, zlib.error):
        raise TicksError(_FOREIGN) from None
    raise TicksError(_FOREIGN)


def _items(archive: zipfile.ZipFile) -> Iterable[bytes]:
    parts = archive.infolist()
    if len(parts) > _PARTS:
        raise TicksError(_FOREIGN)
    for part in parts:
        if _ITEM.fullmatch(part.filename) and part.file_size <= _PART:
            with archive.open(part) as file:
                yield file.read(_PART)  # never more, whatever the part says of itself
