"""The tables of a whole model: one for each kind of thing, with their columns."""

from __future__ import annotations

from childdev.contribution.columns import Column, Table

LEVELS = ("individual", "family", "setting", "community", "system")
CONFIDENCE = ("cited", "consensus", "to-verify")
SECTORS = ("education", "health", "care", "community", "family", "local-authority")
RELATIONS = ("exact", "close", "broad", "narrow", "related")


def _id() -> Column:
    return Column("id", "slug")


def _text(*names: str, required: bool = True) -> tuple[Column, ...]:
    return tuple(Column(n, required=required) for n in names)


def _source(required: bool = True) -> Column:
    return Column("source_key", "ref", required, many=True, of=("sources",))


def _ref(name: str, *tables: str, required: bool = True, many: bool = False) -> Column:
    return Column(name, "ref", required, many, tables)


def _choice(name: str, *choices: str) -> Column:
    return Column(name, "choice", of=choices)


_LABELLED = (_id(), *_text("label", "definition"))
_CONFIDENCE = _choice("confidence", *CONFIDENCE)
_LOCATOR = Column("source_locator", required=False)
_POSITION = Column("position", "integer")
_LEVEL = _choice("level", *LEVELS)
_STAGES = _ref("stages", "stages", many=True)

TABLES: tuple[Table, ...] = (
    Table(
        "stages",
        "stage",
        (
            *_LABELLED,
            Column("from_months", "integer"),
            Column("to_months", "integer"),
            _ref("followed_by", "stages", required=False),
        ),
    ),
    Table("domains", "domain", _LABELLED),
    Table("environment_levels", "level", (_id(), _POSITION, *_text("label", "definition"), _source())),
    Table(
        "provision_tiers",
        "tier",
        (
            _id(),
            _POSITION,
            *_text(
                "label",
                "definition",
                "for_whom",
                "how_reached",
                "examples",
                "at_its_best",
                "at_its_worst",
                "question_to_ask",
            ),
            _source(),
            _LOCATOR,
            _CONFIDENCE,
        ),
    ),
    Table("capitals", "capital", (*_LABELLED, _source())),
    Table(
        "need_areas",
        "need",
        (
            _id(),
            *_text("label"),
            Column("dfe_code", required=False),
            _ref("parent", "need_areas", required=False),
            *_text("definition"),
            _source(),
            _CONFIDENCE,
        ),
    ),
    Table(
        "sources",
        "source",
        (
            Column("key", "slug"),
            *_text("title"),
            Column("publisher", required=False),
            Column("year", "integer", required=False),
            *_text("type"),
            Column("licence", required=False),
            Column("url", "url", required=False),
            Column("note", required=False),
        ),
        key="key",
    ),
    Table(
        "features",
        "feature",
        (
            *_LABELLED,
            *_text("everyday_words"),
            _ref("domain", "domains"),
            _STAGES,
            Column("age_from_months", "integer"),
            Column("age_to_months", "integer"),
            _ref("builds_on", "features", required=False, many=True),
            _ref("related_need_areas", "need_areas", required=False, many=True),
            _source(),
            _LOCATOR,
            _CONFIDENCE,
        ),
    ),
    Table(
        "environments",
        "environment",
        (*_LABELLED, _LEVEL, _STAGES, *_text("mechanism"), _source(), _LOCATOR, _CONFIDENCE),
    ),
    Table(
        "environment_links",
        "claim",
        (_ref("environment_id", "environments"), _ref("feature_id", "features"), _CONFIDENCE),
        key=None,
    ),
    Table(
        "factors",
        "factor",
        (
            _id(),
            *_text("label"),
            _choice("kind", "protective", "risk"),
            *_text("definition"),
            _LEVEL,
            _STAGES,
            _ref("affects", "features", many=True),
            *_text("how"),
            _source(),
            _CONFIDENCE,
        ),
    ),
    Table(
        "need_signs",
        "claim",
        (
            _ref("need_id", "need_areas"),
            _ref("feature_id", "features"),
            Column("age_months", "integer"),
            *_text("explanation"),
            _source(),
            _CONFIDENCE,
        ),
        key=None,
    ),
    Table(
        "agencies",
        "agency",
        (
            _id(),
            *_text("label"),
            _choice("sector", *SECTORS),
            _ref("tiers", "provision_tiers", many=True),
            _STAGES,
            *_text("role"),
            _source(False),
        ),
    ),
    Table(
        "capital_assets",
        "asset",
        (
            _id(),
            *_text("label"),
            _ref("capital", "capitals"),
            *_text("definition"),
            _ref("held_by", "agencies", many=True),
            _ref("supports", "features", "environments", "factors", many=True),
            *_text("why"),
            _source(False),
        ),
    ),
    Table(
        "indicators",
        "indicator",
        (
            _id(),
            *_text("label"),
            _ref("measures", "features", required=False, many=True),
            Column("collected_at_months", "integer", many=True),
            *_text("publisher", "dataset"),
            _source(),
            _CONFIDENCE,
        ),
    ),
    Table(
        "claims_contested",
        "claim",
        (
            _id(),
            *_text("claim", "position_for", "position_against"),
            _ref("touches", "features", required=False, many=True),
            _source(),
            _CONFIDENCE,
        ),
    ),
    Table(
        "alignments",
        "claim",
        (
            _ref(
                "our_id",
                "features",
                "environments",
                "factors",
                "agencies",
                "capital_assets",
                "need_areas",
                "stages",
                "capitals",
            ),
            _choice("relation", *RELATIONS),
            Column("scheme", "slug"),
            *_text("external_id", "label"),
            _CONFIDENCE,
        ),
        key=None,
    ),
    Table(
        "system_features",
        "system-feature",
        (_id(), _choice("group", "experiences", "practice", "leadership"), _POSITION, *_text("statement"), _source()),
    ),
    Table(
        "system_feature_prompts",
        "prompt",
        (
            _id(),
            _ref("system_feature_id", "system_features"),
            Column("number", "integer"),
            *_text("prompt"),
            Column("nature", "choice", many=True, of=("quantitative", "narrative")),
            _source(),
            _CONFIDENCE,
        ),
    ),
    Table(
        "system_feature_links",
        "claim",
        (
            _ref("system_feature_id", "system_features"),
            _choice("relation", "depends-on-capital", "shapes"),
            _ref("object_id", "capitals", "environments"),
            *_text("why"),
        ),
        key=None,
    ),
    Table("measure_types", "measure", (_id(), _POSITION, *_text("label", "definition"), _source())),
    Table(
        "measures",
        "measure",
        (
            _id(),
            _ref("system_feature_id", "system_features"),
            _ref("type", "measure_types"),
            _choice("nature", "quantitative", "narrative"),
            *_text("label", "description"),
        ),
    ),
    Table(
        "graduated_approach",
        "step",
        (
            _id(),
            _POSITION,
            *_text("label", "purpose"),
            Column("questions", many=True),
            *_text("who"),
            Column("capital_mobilised", "pairs", many=True),
            _ref("dialogic_principles", "dialogic_principles", many=True),
            _ref("next_step", "graduated_approach"),
            *_text("leaves_behind"),
            _source(),
            _LOCATOR,
            _CONFIDENCE,
        ),
    ),
    Table(
        "dialogic_principles",
        "principle",
        (
            _id(),
            _POSITION,
            *_text("label", "statement", "in_practice", "sounds_like", "what_undermines_it", "question_to_ask"),
            _source(),
            _LOCATOR,
        ),
    ),
    Table(
        "participation_levels",
        "participation",
        (
            _id(),
            _POSITION,
            *_text(
                "label", "definition", "peoples_part", "who_decides", "what_it_takes", "when_it_fits", "what_it_is_not"
            ),
            _source(),
        ),
    ),
    Table(
        "accountability",
        "accountability",
        (
            _id(),
            _POSITION,
            *_text("label", "definition", "who_to_whom", "looks_like", "question_to_ask", "weight"),
            _source(),
        ),
    ),
)
