"""Triples over HTTP: the formats of single things and descriptions, always in the same order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fastapi import Response
from pyoxigraph import RdfFormat, Triple, serialize

from childdev.errors import NotFoundError
from childdev.model.iris import PREFIXES

#: extension → media type and format
FORMATS = {
    "ttl": ("text/turtle", RdfFormat.TURTLE),
    "nt": ("application/n-triples", RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", RdfFormat.RDF_XML),
    "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
}


def rdf_response(
    triples: Iterable[Triple],
    extension: str,
    prefixes: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Triples in the format of an extension; `prefixes` are beside those of the model.

    Raises:
        NotFoundError: there is no such format.
    """
    if extension not in FORMATS:
        raise NotFoundError(f"There is no format '{extension}'; there are {', '.join(FORMATS)}.")
    media, form = FORMATS[extension]
    ordered = sorted(triples, key=lambda t: (str(t.subject), str(t.predicate), str(t.object)))
    body = serialize(ordered, format=form, prefixes={**PREFIXES, **(prefixes or {})})
    return Response(body, media_type=media, headers={"Access-Control-Allow-Origin": "*", **(headers or {})})
