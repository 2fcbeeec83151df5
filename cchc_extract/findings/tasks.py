"""Task passages to task findings: the work, and the raw words for who, with whom, what and when."""

from __future__ import annotations

from cchc_extract.findings.actors import find_directed, find_doers, find_heading_doers, find_named_leads, find_partners
from cchc_extract.findings.products import split_products
from cchc_extract.model import Passage, TaskFinding
from cchc_extract.patterns import Patterns


def find_task(index: int, passage: Passage, patterns: Patterns) -> TaskFinding | None:
    """The task of a passage; None where it is no task or has no words for one."""
    work = next((part for part in passage.parts if part.role == "task"), None)
    if passage.use != "task" or work is None or not passage.text[work.start : work.end].strip():
        return None
    in_row = passage.origin == "appendix"
    lead, coordinating = _row_agencies(passage) if in_row else _sentence_agencies(passage, patterns)
    products = passage.part("product") or passage.given.get("product") or ""
    deadline = passage.part("deadline") or passage.given.get("deadline")
    return TaskFinding(
        passage=index,
        start=work.start,
        end=work.end,
        lead=lead,
        coordinating=coordinating,
        products=split_products(products, patterns),
        deadlines=(deadline,) if deadline else (),
        sentence=None if in_row else passage.text[work.start : work.end],
        inferred=passage.inferred,
    )


def _row_agencies(passage: Passage) -> tuple[tuple[str, ...], tuple[str, ...]]:
    lead = passage.part("lead") or passage.given.get("lead")
    coordinating = passage.part("coordinating") or passage.given.get("coordinating")
    return ((lead,) if lead else ()), ((coordinating,) if coordinating else ())


def _sentence_agencies(passage: Passage, patterns: Patterns) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Nearest first: the sentence's subject, the label or heading that introduces it, the block's lines.

    A block that names who carries out but not who leads means the former to lead; where it names both, those who
    carry out coordinate. Partners in the sentence come with those of the block.
    """
    given = passage.given
    block_lead = given.get("lead") or given.get("implementer")
    helpers = [given[role] for role in ("coordinating", "implementer") if role in given and given[role] != block_lead]
    doers = find_doers(passage.text, patterns) or find_named_leads(passage.text, patterns)
    lead = doers or given.get("agency") or find_heading_doers(passage.titles, patterns)
    lead = lead or find_directed(passage.text, patterns) or block_lead
    partners = [*find_partners(passage.text, patterns), *helpers]
    return ((lead,) if lead else ()), tuple(partners)
