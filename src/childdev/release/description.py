"""The description of the dataset in VoID and DCAT, without blank nodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from childdev import terms as cd
from childdev.model.iris import BASE, DATASET, INFERRED, module_graph
from childdev.model.modules import CORE, RDF_TYPE, Model

_DCAT, _DCT, _VOID = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/", "http://rdfs.org/ns/void#"
_SPDX, _XSD = "http://spdx.org/rdf/terms#", "http://www.w3.org/2001/XMLSchema#"
_FOAF = "http://xmlns.com/foaf/0.1/"
_PUBLISHER = NamedNode(DATASET.value + "/publisher")
_SD = "http://www.w3.org/ns/sparql-service-description#"


@dataclass(frozen=True)
class Distribution:
    """A file that can be downloaded. Its size is in bytes."""

    name: str
    media_type: str
    title: str
    size: int
    sha256: str


def _n(namespace: str, name: str) -> NamedNode:
    return NamedNode(namespace + name)


def _text(words: str) -> Literal:
    return Literal(words, language="en-GB")


def describe(
    model: Model, version: str, quads: int, base_url: str, distributions: Sequence[Distribution]
) -> list[Triple]:
    """The dataset, its parts, its distributions and the service over it."""
    issued = [
        t.object for t in model.modules[CORE] if t.predicate == _n(_DCT, "issued") and isinstance(t.object, Literal)
    ]
    facts: list[tuple[NamedNode, NamedNode | Literal]] = [
        (RDF_TYPE, _n(_DCAT, "Dataset")),
        (RDF_TYPE, _n(_VOID, "Dataset")),
        (_n(_DCT, "title"), _text("childdev: healthy child development")),
        (
            _n(_DCT, "description"),
            _text(
                "The features of healthy child development from the perinatal stage to secondary school, "
                "the environments that enable them, who can help, and the evidence for each link."
            ),
        ),
        (_n(_DCT, "license"), NamedNode("https://creativecommons.org/licenses/by/4.0/")),
        *((_n(_DCT, "issued"), date) for date in issued),
        (_n(_DCT, "language"), NamedNode("http://id.loc.gov/vocabulary/iso639-1/en")),
        (_n(_DCT, "identifier"), Literal(DATASET.value)),
        (_n(_DCT, "publisher"), _PUBLISHER),
        (_n(_DCAT, "keyword"), _text("child development")),
        (_n(_DCAT, "keyword"), _text("special educational needs and disability")),
        (_n(_DCAT, "keyword"), _text("early years")),
        (_n(_DCAT, "version"), Literal(version)),
        (_n(_DCAT, "landingPage"), NamedNode(base_url + "/")),
        (_n(_VOID, "sparqlEndpoint"), NamedNode(base_url + "/sparql")),
        (_n(_VOID, "uriSpace"), Literal(BASE + "id/")),
        (_n(_VOID, "vocabulary"), NamedNode(cd.NAMESPACE)),
        (_n(_VOID, "triples"), Literal(quads)),
        (_n(_VOID, "exampleResource"), NamedNode(BASE + "id/feature/joins-two-words")),
        (_n(_VOID, "rootResource"), NamedNode(cd.NAMESPACE)),
    ]
    facts += [(_n(_VOID, "dataDump"), NamedNode(f"{base_url}/dump/{d.name}")) for d in distributions]
    triples = [Triple(DATASET, p, o) for p, o in facts]
    return [
        *triples,
        Triple(_PUBLISHER, RDF_TYPE, _n(_FOAF, "Agent")),
        Triple(_PUBLISHER, _n(_FOAF, "name"), Literal("The childdev contributors")),
        *_service(base_url),
        *_parts(model, quads),
        *_partitions(model),
        *_distributions(base_url, distributions),
    ]


def _service(base_url: str) -> Iterator[Triple]:
    service = NamedNode(f"{DATASET.value}/sparql")
    yield Triple(service, RDF_TYPE, _n(_DCAT, "DataService"))
    yield Triple(service, _n(_DCT, "title"), _text("SPARQL 1.1 endpoint"))
    yield Triple(service, _n(_DCT, "conformsTo"), NamedNode("http://www.w3.org/TR/sparql11-protocol/"))
    yield Triple(service, _n(_DCAT, "endpointURL"), NamedNode(f"{base_url}/sparql"))
    yield Triple(service, _n(_DCAT, "servesDataset"), DATASET)


def _parts(model: Model, quads: int) -> Iterator[Triple]:
    for name, triples in sorted(model.modules.items()):
        yield from _subset(module_graph(name), f"Stated triples: {name.replace('-', ' ')}", len(triples))
    yield from _subset(INFERRED, "Inferred triples", quads - sum(len(t) for t in model.modules.values()))


def _subset(graph: NamedNode, title: str, size: int) -> Iterator[Triple]:
    yield Triple(DATASET, _n(_VOID, "subset"), graph)
    yield Triple(graph, RDF_TYPE, _n(_VOID, "Dataset"))
    yield Triple(graph, RDF_TYPE, _n(_SD, "NamedGraph"))
    yield Triple(graph, _n(_DCT, "title"), _text(title))
    yield Triple(graph, _n(_VOID, "triples"), Literal(size))


def _partitions(model: Model) -> Iterator[Triple]:
    counts = Counter(t.object for t in model.triples if t.predicate == RDF_TYPE and isinstance(t.object, NamedNode))
    for cls, number in sorted(counts.items(), key=lambda x: str(x[0])):
        if cls.value.startswith(cd.NAMESPACE):
            partition = NamedNode(f"{DATASET.value}/class/{cls.value.removeprefix(cd.NAMESPACE)}")
            yield Triple(DATASET, _n(_VOID, "classPartition"), partition)
            yield Triple(partition, _n(_VOID, "class"), cls)
            yield Triple(partition, _n(_VOID, "entities"), Literal(number))


def _distributions(base_url: str, distributions: Sequence[Distribution]) -> Iterator[Triple]:
    for d in distributions:
        node, checksum = (
            NamedNode(f"{DATASET.value}/file/{d.name}"),
            NamedNode(f"{DATASET.value}/file/{d.name}/checksum"),
        )
        yield Triple(DATASET, _n(_DCAT, "distribution"), node)
        yield Triple(node, RDF_TYPE, _n(_DCAT, "Distribution"))
        yield Triple(node, _n(_DCT, "title"), _text(d.title))
        yield Triple(node, _n(_DCAT, "downloadURL"), NamedNode(f"{base_url}/dump/{d.name}"))
        yield Triple(
            node, _n(_DCAT, "mediaType"), NamedNode(f"https://www.iana.org/assignments/media-types/{d.media_type}")
        )
        yield Triple(node, _n(_DCAT, "byteSize"), Literal(str(d.size), datatype=_n(_XSD, "nonNegativeInteger")))
        yield Triple(node, _n(_DCT, "license"), NamedNode("https://creativecommons.org/licenses/by/4.0/"))
        yield Triple(node, _n(_SPDX, "checksum"), checksum)
        yield Triple(checksum, RDF_TYPE, _n(_SPDX, "Checksum"))
        yield Triple(checksum, _n(_SPDX, "algorithm"), _n(_SPDX, "checksumAlgorithm_sha256"))
        yield Triple(checksum, _n(_SPDX, "checksumValue"), Literal(d.sha256, datatype=_n(_XSD, "hexBinary")))
