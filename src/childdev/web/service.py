"""What all routes share: one version of the model, and everything made from it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property

from pyoxigraph import NamedNode

from childdev import memory
from childdev.config import Settings
from childdev.contribution.changes.impact import QuestionTerms
from childdev.errors import NotFoundError
from childdev.model.iris import GRAPH, INFERRED, KINDS, iri
from childdev.model.modules import Model
from childdev.model.stated import Stated
from childdev.queries.catalogue import Catalogue
from childdev.queries.pool import Pool
from childdev.reasoning.inference import Inference
from childdev.resources import folder
from childdev.store.publication import Version
from childdev.store.reader import Reader
from childdev.views import overview
from childdev.views.search import Search
from childdev.web.kept import Kept

_SLUG = re.compile(r"[A-Za-z0-9-]+")


class Service:
    """One version, ready to be read. A new version makes a new one."""

    def __init__(self, settings: Settings, published: Version, model: Callable[[], Model]) -> None:
        self.settings = settings
        self.published = published
        self.version = published.name
        self._load_model = model
        self.kept = Kept()
        self.reader = Reader(published.name, published.dataset)
        self.catalogue = Catalogue.load(folder("queries"))
        self.search = Search(self.reader)
        self.public_graphs = frozenset({f"{GRAPH}model/{m}" for m in published.modules} | {INFERRED.value})
        self.base_url = (settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/")
        self.in_memory = published.quads <= settings.memory_quads
        self.source = published.dataset if self.in_memory else published.checkpoint
        self.pool = Pool(self.source, settings, self.public_graphs, published.history)
        self.stages = overview.stages(self.reader)

    def find(self, kind: str, slug: str) -> NamedNode:
        """The thing of a kind with a slug, as an address gives them.

        Raises:
            NotFoundError: there is none; carries near matches.
        """
        node = iri(kind, slug) if kind in KINDS and _SLUG.fullmatch(slug) else None
        if node is None or not self.reader.exists(node):
            near = self.search.near(slug, kind) or self.search.near(slug)
            raise NotFoundError(f"There is no {kind.replace('-', ' ')} called '{slug}' here.", near)
        return node

    @cached_property
    def model(self) -> Model:
        """The stated triples of this version."""
        return self._load_model()

    @cached_property
    def stated(self) -> Stated:
        """The same, indexed for those who change it."""
        found = Stated.of(self.model)
        memory.settle()
        return found

    @cached_property
    def question_terms(self) -> QuestionTerms:
        """What the questions of the library ask of, to tell which ones a change touches."""
        return QuestionTerms(self.catalogue, self.stated)

    @cached_property
    def inference(self) -> Inference:
        """The relations of this version, for saying why."""
        return Inference(self.model)
