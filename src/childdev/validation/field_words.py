"""How fields are called and explained to people, and in which order they are asked for, where the vocabulary
does not say it well enough for somebody who fills in a form."""

from __future__ import annotations

#: annotations that belong to a kind although neither a rule nor a domain says so
ALSO: dict[str, tuple[str, ...]] = {
    "feature": ("skos:altLabel", "skos:hiddenLabel", "dcterms:source"),
    "stage": (),
    "domain": ("startsLater",),
    "environment": ("skos:altLabel", "inStage", "dcterms:source", "locator"),
    "level": ("dcterms:source",),
    "factor": ("skos:altLabel", "mechanism", "inStage", "atLevel", "dcterms:source"),
    "need": ("skos:altLabel", "skos:scopeNote", "dcterms:source"),
    "capital": (),
    "asset": ("mechanism", "dcterms:source"),
    "agency": ("skos:altLabel", "dcterms:source"),
    "tier": ("skos:example", "dcterms:source"),
    "system-feature": ("hasPrompt", "dcterms:source"),
    "prompt": ("dcterms:source",),
    "measure": (),
    "indicator": ("skos:altLabel",),
    "step": ("hasPrompt", "locator", "dcterms:source"),
    "principle": ("locator", "dcterms:source"),
    "participation": ("dcterms:source",),
    "accountability": ("dcterms:source",),
    "claim": ("skos:prefLabel", "evidence", "explanation", "locator"),
    "position": ("heldByRole",),
    "source": ("publisher", "licence", "howUsed", "skos:note"),
    "term": (),
}

#: what is made by other changes (a link's claim, retiring, taking a position) and not by filling in a field
NOT_BY_HAND = frozenset({"claimSubject", "claimProperty", "claimObject", "hasPosition", "owl:deprecated"})

#: words of which a thing can have several
SEVERAL = frozenset({"skos:altLabel", "skos:hiddenLabel", "skos:example", "skos:scopeNote", "link"})

LABELS: dict[str, str] = {
    "rdf:type": "Kind",
    "skos:prefLabel": "Name",
    "skos:altLabel": "Other names",
    "skos:hiddenLabel": "Words for searching",
    "skos:definition": "Definition",
    "skos:scopeNote": "How to understand it",
    "skos:example": "Example",
    "skos:note": "Note",
    "inDomain": "Domain",
    "inStage": "Stages",
    "followedBy": "Next stage",
    "atLevel": "Level",
    "relatesToNeedArea": "Areas of need",
    "mayIndicate": "If not yet seen, may point to",
    "broaderNeed": "Area of need",
    "formOf": "Form of capital",
    "heldBy": "Held by",
    "providesAt": "Tiers",
    "worksIn": "Stages",
    "dependsOnCapital": "Depends on forms of capital",
    "shapes": "Environments that it makes more likely",
    "hasMeasure": "Measures",
    "hasPrompt": "Questions to ask",
    "nextStep": "Next step",
    "mobilises": "Forms of capital that it draws on",
    "guidedBy": "Principles that guide it",
    "dcterms:source": "Sources",
    "evidence": "Sources",
    "strength": "Strength of evidence",
    "basis": "How it came to stand",
    "touches": "Features that it is about",
    "inScheme": "Scheme",
    "position": "Place in the order",
    "sourceType": "Kind of publication",
    "nature": "In numbers or in stories",
    "heldByRole": "Who holds it",
    "stance": "For or against",
    "link": "Web address",
}
LABELS_OF_KIND: dict[tuple[str, str], str] = {
    ("source", "skos:prefLabel"): "Title",
    ("prompt", "skos:prefLabel"): "Question",
    ("claim", "skos:prefLabel"): "The view in one sentence",
    ("position", "skos:prefLabel"): "The position in one sentence",
    ("claim", "explanation"): "Why",
}

HELP: dict[str, str] = {
    "skos:prefLabel": "What it is called, short and in plain words.",
    "skos:altLabel": "Other words that people use for the same.",
    "skos:hiddenLabel": "Words, also old or hurtful ones, by which people search; they are shown to nobody.",
    "skos:definition": "One full sentence that says what it is.",
    "skos:scopeNote": "What it means and what it does not mean.",
    "skos:example": "An example, in a few words.",
    "skos:note": "Anything else that readers should know.",
    "dcterms:source": "The publications on which this rests.",
    "buildsOn": "What this usually grows from. It means ‘usually’, never ‘cannot without’.",
    "canAlsoGrowFrom": (
        "Another route to this, for children who do not see, hear, speak or move in the usual way. It stands beside "
        "the usual route and is worth as much."
    ),
    "nature": "Whether it is told in numbers or in stories.",
    "sector": "The sector to which it belongs.",
    "mayIndicate": (
        "A need that there may be reason to talk about when this is not yet seen at the age when it usually is: never "
        "a diagnosis."
    ),
}
HELP_OF_KIND: dict[tuple[str, str], str] = {
    ("feature", "skos:prefLabel"): (
        "What the child does, has or experiences, as a strength and in plain words: “Joins two words”."
    ),
    ("source", "skos:prefLabel"): "The title of the publication.",
    ("factor", "rdf:type"): "Whether it makes features more likely to grow (protective) or less likely (risk).",
    ("need", "rdf:type"): "Whether it is one of the broad areas or a type in the school census.",
    ("claim", "basis"): "Whether a source was read for it, only named, or it was reasoned from age and content.",
    ("measure", "rdf:type"): "Whether it shows what was done, how well, or what changed in children's lives.",
}

#: values of closed lists in words, where the value itself is none
CHOICES: dict[str, str] = {
    "local-authority": "local authority",
    "read": "read in the source",
    "named": "named from knowledge, not yet read",
    "reasoned": "reasoned from age and content",
    "unread": "no source looked at",
    "quantitative": "in numbers",
    "narrative": "in stories",
    "workshop-view": "workshop view",
}

#: the order in which fields are asked for; what is not named comes last but before sources, by name
FIRST = (
    "rdf:type",
    "skos:prefLabel",
    "everydayWords",
    "skos:definition",
    "inDomain",
    "inStage",
    "typicalFromMonths",
    "typicalToMonths",
    "fromMonths",
    "toMonths",
    "atLevel",
    "formOf",
    "sector",
    "sourceType",
    "publisher",
    "year",
    "link",
    "providesAt",
    "worksIn",
    "howReached",
    "reachedBy",
    "heldBy",
    "mechanism",
    "position",
    "group",
    "nature",
    "buildsOn",
    "canAlsoGrowFrom",
    "enables",
    "strengthens",
    "weakens",
    "supports",
    "measures",
    "relatesToNeedArea",
    "mayIndicate",
)
LAST = ("skos:altLabel", "skos:hiddenLabel", "skos:scopeNote", "skos:example", "dcterms:source", "locator", "skos:note")

#: a thing of each kind that will stay, from which examples are taken: the module in which it is described, its slug
EXEMPLARS: dict[str, tuple[str, str]] = {
    "feature": ("features-communication-and-language", "joins-two-words"),
    "stage": ("frame", "early-childhood"),
    "domain": ("frame", "communication-and-language"),
    "environment": ("environments-family", "shared-reading-daily"),
    "level": ("frame", "family"),
    "factor": ("factors", "mentoring-that-lasts"),
    "need": ("needs", "slcn"),
    "capital": ("frame", "social"),
    "asset": ("capital-assets", "communities-of-readers"),
    "agency": ("agencies", "health-visiting"),
    "tier": ("frame", "universal"),
    "system-feature": ("system-features", "person-centred-practice"),
    "prompt": ("system-features", "person-centred-practice-prompt-2"),
    "measure": ("system-features", "workforce-development-quality-numbers"),
    "indicator": ("indicators", "asq-communication-2y"),
    "step": ("ways-of-working", "assess"),
    "principle": ("ways-of-working", "empathy"),
    "participation": ("ways-of-working", "co-produce"),
    "accountability": ("ways-of-working", "networked"),
    "claim": ("contested-claims", "summer-born-delay"),
    "position": ("contested-claims", "summer-born-delay--against"),
    "source": ("sources", "birth-to-5-matters-2021"),
    "term": ("alignments", "icf-d1331"),
}
