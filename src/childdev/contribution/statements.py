"""What a row says, as triples: one method for each table."""

from __future__ import annotations

import re
from collections.abc import Callable

from pyoxigraph import Literal, NamedNode

from childdev import terms as cd
from childdev.contribution.columns import Row, Tables
from childdev.contribution.stating import (
    BASIS,
    DCT_SOURCE,
    EXAMPLE,
    NOTE,
    PREF_LABEL,
    STATUS,
    Stating,
    kebab,
    short,
)
from childdev.model.iris import PREFIXES, iri
from childdev.model.modules import RDF_TYPE

_SKOS = PREFIXES["skos"]
_MEASURE_CLASS = {
    "task-and-process": cd.TaskAndProcessMeasure,
    "quality-and-impact": cd.QualityAndImpactMeasure,
    "outcome": cd.OutcomeMeasure,
}
#: the source that stands for a scheme of outside terms known by code
_SCHEME_SOURCE = {"icf": "who-icf-cy-2007", "eyfs-elg": "eyfs-framework-2024", "dfe-send": "dfe-census-send-types"}
#: what the tables call by more than one name
_SOURCE_TYPE = {"statute": "statutory", "statutory guidance": "statutory"}


class Statements(Stating):
    """All that the rows of tables say."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        for name, rows in tables.rows.items():
            for row in rows:
                _ROWS[name](self, row)

    def stage(self, r: Row) -> None:
        """A stage of childhood."""
        s = self.thing("frame", r, r["label"], r["definition"])
        self.add("frame", s, cd.fromMonths, Literal(int(r["from_months"])))
        self.add("frame", s, cd.toMonths, Literal(int(r["to_months"])))
        if r["followed_by"]:
            self.add("frame", s, cd.followedBy, iri("stage", r["followed_by"]))

    def domain(self, r: Row) -> None:
        """A domain of development."""
        self.thing("frame", r, r["label"], r["definition"])

    def level(self, r: Row) -> None:
        """A level of environments."""
        self.ordered("frame", r, r["label"], r["definition"])

    def capital(self, r: Row) -> None:
        """A form of capital."""
        self.thing("frame", r, r["label"], r["definition"])

    def tier(self, r: Row) -> None:
        """A tier of provision."""
        s = self.ordered("frame", r, r["label"], r["definition"])
        self.text(
            "frame",
            s,
            [
                (cd.forWhom, r["for_whom"]),
                (cd.howReached, r["how_reached"]),
                (EXAMPLE, r["examples"]),
                (cd.atItsBest, r["at_its_best"]),
                (cd.atItsWorst, r["at_its_worst"]),
                (cd.questionToAsk, r["question_to_ask"]),
            ],
        )

    def need(self, r: Row) -> None:
        """An area of need, or a type of need under one."""
        area = not r["dfe_code"] and not r["parent"]
        s = self.thing("needs", r, r["label"], r["definition"], cd.NeedArea if area else cd.NeedType)
        if r["dfe_code"]:
            self.add("needs", s, cd.dfeCode, Literal(r["dfe_code"]))
        if r["parent"]:
            self.add("needs", s, cd.broaderNeed, iri("need", r["parent"]))

    def source(self, r: Row) -> None:
        """A source. Titles are in the words of their publishers."""
        m = "sources"
        s = iri("source", r["key"])
        self.origin[s.value] = r.where("key").rsplit(",", 1)[0]
        self.add(m, s, RDF_TYPE, cd.Source)
        self.text(
            m,
            s,
            [(PREF_LABEL, r["title"]), (cd.publisher, r["publisher"]), (cd.licence, r["licence"]), (NOTE, r["note"])],
        )
        self.add(m, s, cd.sourceType, Literal(_SOURCE_TYPE.get(r["type"], r["type"])))
        if r["year"]:
            self.add(m, s, cd.year, Literal(int(r["year"])))
        if r["url"]:
            self.add(m, s, cd.link, Literal(r["url"], datatype=NamedNode(PREFIXES["xsd"] + "anyURI")))
        self.add(m, s, STATUS, Literal("testing"))

    def feature(self, r: Row) -> None:
        """A feature, its range of ages with a claim, and what it builds on."""
        m = f"features-{r['domain']}"
        s = self.thing(m, r, r["label"], r["definition"])
        self.text(m, s, [(cd.everydayWords, r["everyday_words"])])
        self.add(m, s, cd.inDomain, iri("domain", r["domain"]))
        self.stages(m, s, r)
        self.add(m, s, cd.typicalFromMonths, Literal(int(r["age_from_months"])))
        self.add(m, s, cd.typicalToMonths, Literal(int(r["age_to_months"])))
        ages = self.claim(m, r, s, cd.typicalFromMonths, None)
        self.text(m, ages, [(cd.locator, r["source_locator"])])
        for area in r.values("related_need_areas"):
            self.add(m, s, cd.relatesToNeedArea, iri("need", area))
        for base in r.values("builds_on"):
            same = self._domain.get(base) == r["domain"]
            self.link(
                m,
                r,
                s,
                cd.buildsOn,
                iri("feature", base),
                "reasoned" if same and r["confidence"] != "to-verify" else "unread",
            )

    def environment(self, r: Row) -> None:
        """An environment. What it enables stands in environment_links."""
        m = f"environments-{r['level']}"
        s = self.thing(m, r, r["label"], r["definition"])
        self.text(m, s, [(cd.mechanism, r["mechanism"]), (cd.locator, r["source_locator"])])
        self.add(m, s, cd.atLevel, iri("level", r["level"]))
        self.stages(m, s, r)

    def environment_link(self, r: Row) -> None:
        """What an environment enables."""
        self.link(
            f"environments-{self._level[r['environment_id']]}",
            r,
            iri("environment", r["environment_id"]),
            cd.enables,
            iri("feature", r["feature_id"]),
        )

    def factor(self, r: Row) -> None:
        """A protective or risk factor and the features that it affects."""
        m = "factors"
        risk = r["kind"] == "risk"
        s = self.thing(m, r, r["label"], r["definition"], cd.RiskFactor if risk else cd.ProtectiveFactor)
        self.text(m, s, [(cd.mechanism, r["how"])])
        self.add(m, s, cd.atLevel, iri("level", r["level"]))
        self.stages(m, s, r)
        for f in r.values("affects"):
            self.link(m, r, s, cd.weakens if risk else cd.strengthens, iri("feature", f))

    def need_sign(self, r: Row) -> None:
        """What a feature not yet seen may and may not mean."""
        c = self.link(
            "need-signs",
            r,
            iri("feature", r["feature_id"]),
            cd.mayIndicate,
            iri("need", r["need_id"]),
            explanation=r["explanation"],
        )
        self.add("need-signs", c, cd.talkFromMonths, Literal(int(r["age_months"])))

    def agency(self, r: Row) -> None:
        """An agency. It is its role that defines it."""
        m = "agencies"
        s = self.thing(m, r, r["label"], r["role"])
        self.add(m, s, cd.sector, Literal(r["sector"]))
        for tier in r.values("tiers"):
            self.add(m, s, cd.providesAt, iri("tier", tier))
        self.stages(m, s, r, cd.worksIn)

    def asset(self, r: Row) -> None:
        """An asset, who holds it and what it supports."""
        m = "capital-assets"
        s = self.thing(m, r, r["label"], r["definition"])
        self.add(m, s, cd.formOf, iri("capital", r["capital"]))
        self.text(m, s, [(cd.mechanism, r["why"])])
        for a in r.values("held_by"):
            self.add(m, s, cd.heldBy, iri("agency", a))
        for o in r.values("supports"):
            self.link(m, r, s, cd.supports, self.any_of(o))

    def indicator(self, r: Row) -> None:
        """A published indicator and the features of which it tells."""
        m = "indicators"
        what = f"{r['label']}, as published by {r['publisher']} in {r['dataset']}."
        s = self.thing(m, r, r["label"], what)
        self.text(m, s, [(cd.publisher, r["publisher"]), (cd.dataset, r["dataset"])])
        for months in r.values("collected_at_months"):
            self.add(m, s, cd.collectedAtMonths, Literal(int(months)))
        for f in r.values("measures"):
            self.link(m, r, s, cd.measures, iri("feature", f))

    def contested(self, r: Row) -> None:
        """A claim on which evidence or people differ, with both positions."""
        m = "contested-claims"
        c = iri("claim", r["id"])
        self.origin[c.value] = r.where("id").rsplit(",", 1)[0]
        self.add(m, c, RDF_TYPE, cd.Claim)
        self.text(m, c, [(PREF_LABEL, r["claim"])])
        self.add(m, c, cd.strength, cd.contested)
        self.add(m, c, cd.basis, Literal(BASIS[r["confidence"]]))
        for f in r.values("touches"):
            self.add(m, c, cd.touches, iri("feature", f))
        for key in r.values("source_key"):
            self.add(m, c, cd.evidence, iri("source", key))
        for stance in ("for", "against"):
            p = iri("position", f"{r['id']}--{stance}")
            self.add(m, c, cd.hasPosition, p)
            self.add(m, p, RDF_TYPE, cd.Position)
            self.add(m, p, cd.stance, Literal(stance))
            self.text(m, p, [(PREF_LABEL, r[f"position_{stance}"])])

    def alignment(self, r: Row) -> None:
        """A match of one of our terms with an outside term."""
        m = "alignments"
        core = r["our_id"].startswith("cd:")
        ours = NamedNode(cd.NAMESPACE + r["our_id"][3:]) if core else self.any_of(r["our_id"])
        match = NamedNode(f"{_SKOS}{r['relation']}Match")
        if r["external_id"].startswith("http"):
            theirs = NamedNode(r["external_id"])
        else:
            theirs = iri("term", f"{r['scheme']}-{r['external_id'].lower()}")
            self.add(m, theirs, RDF_TYPE, cd.OutsideTerm)
            self.text(m, theirs, [(PREF_LABEL, r["label"])])
            self.add(m, theirs, cd.notation, Literal(r["external_id"]))
            self.add(m, theirs, cd.inScheme, iri("source", _SCHEME_SOURCE[r["scheme"]]))
        self.add(m, ours, match, theirs)
        slug = f"{short(ours)}--{kebab(match)}--{r['scheme']}-{re.split('[/#]', r['external_id'])[-1].lower()}"
        c = iri("claim", slug)
        self.origin[c.value] = r.where("our_id").rsplit(",", 1)[0]
        for p, o in (
            (RDF_TYPE, cd.Claim),
            (cd.claimSubject, ours),
            (cd.claimProperty, match),
            (cd.claimObject, theirs),
        ):
            self.add(m, c, p, o)
        self.text(m, c, [(cd.explanation, f"Matched to {r['label']}.")])
        if r["scheme"] in _SCHEME_SOURCE:
            self.add(m, c, cd.evidence, iri("source", _SCHEME_SOURCE[r["scheme"]]))
        self.add(m, c, cd.basis, Literal(BASIS[r["confidence"]]))
        weak = r["confidence"] == "to-verify" or r["scheme"] not in _SCHEME_SOURCE
        self.add(
            m,
            c,
            cd.strength,
            cd.workshop_view if weak else cd.established if r["confidence"] == "cited" else cd.emerging,
        )

    def system_feature(self, r: Row) -> None:
        """One of the eighteen statements, in the words of the manifesto."""
        s = self.ordered("system-features", r, r["statement"], r["statement"])
        self.add("system-features", s, cd.group, Literal(r["group"]))

    def prompt(self, r: Row) -> None:
        """A question that opens a conversation about a feature of the system."""
        self.question(
            "system-features",
            iri("system-feature", r["system_feature_id"]),
            r["id"],
            int(r["number"]),
            r["prompt"],
            r.values("nature"),
            r,
        )

    def system_feature_link(self, r: Row) -> None:
        """The capital on which a feature of the system depends, or the environment that it shapes."""
        p = cd.shapes if r["relation"] == "shapes" else cd.dependsOnCapital
        o = iri("environment" if r["relation"] == "shapes" else "capital", r["object_id"])
        self.link("system-features", r, iri("system-feature", r["system_feature_id"]), p, o, explanation=r["why"])

    def measure_type(self, r: Row) -> None:
        """The three types of measure are classes of the vocabulary; the row adds where they come from."""
        for key in r.values("source_key"):
            self.add("system-features", _MEASURE_CLASS[r["id"]], DCT_SOURCE, iri("source", key))
        self.text("system-features", _MEASURE_CLASS[r["id"]], [(cd.questionToAsk, r["definition"])])
        self.add("system-features", _MEASURE_CLASS[r["id"]], cd.position, Literal(int(r["position"])))

    def measure(self, r: Row) -> None:
        """A measure by which a feature of the system can be seen."""
        m = "system-features"
        s = self.thing(m, r, r["label"], r["description"], _MEASURE_CLASS[r["type"]])
        self.add(m, s, cd.nature, Literal(r["nature"]))
        self.add(m, iri("system-feature", r["system_feature_id"]), cd.hasMeasure, s)

    def step(self, r: Row) -> None:
        """A step of the graduated approach."""
        m = "ways-of-working"
        s = self.ordered(m, r, r["label"], r["purpose"])
        self.text(m, s, [(cd.takesPart, r["who"]), (cd.leavesBehind, r["leaves_behind"])])
        self.add(m, s, cd.nextStep, iri("step", r["next_step"]))
        for p in r.values("dialogic_principles"):
            self.add(m, s, cd.guidedBy, iri("principle", p))
        for pair in r.values("capital_mobilised"):
            capital, _, words = pair.partition(": ")
            self.link(m, r, s, cd.mobilises, iri("capital", capital), explanation=words[:1].upper() + words[1:] + ".")
        for number, question in enumerate(r.values("questions"), 1):
            self.question(m, s, f"{r['id']}-prompt-{number}", number, question, [], r)

    def principle(self, r: Row) -> None:
        """A principle of dialogue."""
        s = self.ordered("ways-of-working", r, r["label"], r["statement"])
        self.text(
            "ways-of-working",
            s,
            [
                (cd.inPractice, r["in_practice"]),
                (cd.soundsLike, r["sounds_like"]),
                (cd.underminedBy, r["what_undermines_it"]),
                (cd.questionToAsk, r["question_to_ask"]),
            ],
        )

    def participation(self, r: Row) -> None:
        """A level of participation."""
        s = self.ordered("ways-of-working", r, r["label"], r["definition"])
        self.text(
            "ways-of-working",
            s,
            [
                (cd.peoplesPart, r["peoples_part"]),
                (cd.whoDecides, r["who_decides"]),
                (cd.whatItTakes, r["what_it_takes"]),
                (cd.whenItFits, r["when_it_fits"]),
                (cd.whatItIsNot, r["what_it_is_not"]),
            ],
        )

    def accountability(self, r: Row) -> None:
        """A form of accountability."""
        s = self.ordered("ways-of-working", r, r["label"], r["definition"])
        self.text(
            "ways-of-working",
            s,
            [
                (cd.whoToWhom, r["who_to_whom"]),
                (cd.looksLike, r["looks_like"]),
                (cd.questionToAsk, r["question_to_ask"]),
                (cd.weight, r["weight"]),
            ],
        )


_ROWS: dict[str, Callable[[Statements, Row], None]] = {
    "stages": Statements.stage,
    "domains": Statements.domain,
    "environment_levels": Statements.level,
    "provision_tiers": Statements.tier,
    "capitals": Statements.capital,
    "need_areas": Statements.need,
    "sources": Statements.source,
    "features": Statements.feature,
    "environments": Statements.environment,
    "environment_links": Statements.environment_link,
    "factors": Statements.factor,
    "need_signs": Statements.need_sign,
    "agencies": Statements.agency,
    "capital_assets": Statements.asset,
    "indicators": Statements.indicator,
    "claims_contested": Statements.contested,
    "alignments": Statements.alignment,
    "system_features": Statements.system_feature,
    "system_feature_prompts": Statements.prompt,
    "system_feature_links": Statements.system_feature_link,
    "measure_types": Statements.measure_type,
    "measures": Statements.measure,
    "graduated_approach": Statements.step,
    "dialogic_principles": Statements.principle,
    "participation_levels": Statements.participation,
    "accountability": Statements.accountability,
}
