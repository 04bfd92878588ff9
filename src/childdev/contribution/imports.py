"""`childdev import`: tables checked cell by cell, turned into triples, and written as modules.

Nothing is written unless every row can be taken, the whole model with the new rows keeps all rules,
and no row names a thing that the model already has.
"""

from __future__ import annotations

from pathlib import Path

from childdev.contribution.columns import Tables, read
from childdev.contribution.reference import TABLES
from childdev.contribution.statements import Statements
from childdev.errors import Finding, TableError
from childdev.model.modules import Model, load, write
from childdev.validation import shapes

BANNERS = {
    "frame": "The frame: stages, domains, levels, tiers and forms of capital.",
    "needs": "The four areas of need of the SEND Code of Practice and the types of need under them.",
    "need-signs": "What a feature not yet seen may and may not mean. A reason to talk, never a diagnosis.",
    "factors": "What strengthens and what weakens features of development.",
    "agencies": "Who can help.",
    "capital-assets": "What agencies hold of the four forms of capital, and what it supports.",
    "indicators": "Published indicators and the features of which they tell.",
    "contested-claims": "Where evidence or people differ, with both positions.",
    "alignments": "Matches with terms of other schemes.",
    "system-features": "The eighteen features of an effective local SEND system, with questions and measures.",
    "ways-of-working": "The graduated approach, principles of dialogue, participation and accountability.",
    "sources": "What the model draws on.",
}


def plan(tables_folder: Path, model_folder: Path) -> tuple[Tables, Statements, Model]:
    """Check tables against the model, without writing anything.

    Raises:
        TableError: some cell can't be taken; its findings name table, row and column, and a mend.
    """
    tables = read(tables_folder, TABLES)
    if not any(tables.rows.values()) and not tables.findings:
        names = ", ".join(f"{t.name}.tsv" for t in TABLES)
        raise TableError(f"{tables_folder} holds none of the tables that can be imported: {names}.")
    if not tables.findings:
        tables.findings.extend(_cycles(tables))
    if tables.findings:
        raise TableError(f"{_count(tables.findings)}; nothing was imported.", tables.findings)
    statements = Statements(tables)
    model = load(model_folder)
    held = {t.subject.value for t in model.triples if hasattr(t.subject, "value")}
    known = [
        Finding(place, "stands already in the model; change it there")
        for s, place in statements.origin.items()
        if s in held
    ]
    if known:
        raise TableError(f"{_count(known)}; nothing was imported.", known)
    merged = Model(
        {
            name: model.modules.get(name, frozenset()) | statements.modules.get(name, set())
            for name in {*model.modules, *statements.modules}
        }
    )
    broken = [
        Finding(statements.origin.get(v.focus, v.where), v.message)
        for v in shapes.validate(merged)
        if v.severity == "Violation"
    ]
    if broken:
        raise TableError(f"{_count(broken)}; nothing was imported.", broken)
    return tables, statements, merged


def run(tables_folder: Path, model_folder: Path) -> Tables:
    """Import tables into the model's folder.

    Raises:
        TableError: some row can't be taken. Nothing was written.
    """
    tables, statements, merged = plan(tables_folder, model_folder)
    for name in sorted(statements.modules):
        write(model_folder / f"{name}.ttl", merged.modules[name], banner(name))
    return tables


def banner(module: str) -> str:
    """The comment at the head of a module."""
    if module.startswith("features-"):
        return f"Features of development: {module.removeprefix('features-').replace('-', ' ')}."
    if module.startswith("environments-"):
        return f"Environments that enable development, at the level: {module.removeprefix('environments-')}."
    return BANNERS[module]


def _count(findings: list[Finding]) -> str:
    return "One thing is to be mended" if len(findings) == 1 else f"{len(findings)} things are to be mended"


def _cycles(tables: Tables) -> list[Finding]:
    """Rings of `builds_on`, each named once."""
    rows = {r["id"]: r for r in tables.rows.get("features", [])}
    findings: list[Finding] = []
    done: set[str] = set()

    def visit(start: str) -> None:
        path: list[str] = []
        stack: list[tuple[str, list[str]]] = [(start, rows[start].values("builds_on"))]
        while stack:
            node, rest = stack[-1]
            if node not in path:
                path.append(node)
            while rest:
                base = rest.pop()
                if base in path:
                    ring = " → ".join([*path[path.index(base) :], base])
                    findings.append(Finding(rows[node].where("builds_on"), f"closes a ring: {ring}; take one link out"))
                elif base in rows and base not in done:
                    stack.append((base, rows[base].values("builds_on")))
                    break
            else:
                done.add(node)
                path.remove(node)
                stack.pop()

    for key in rows:
        if key not in done:
            visit(key)
    return findings
