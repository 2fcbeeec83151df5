"""Which province a named body belongs to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

from cchc_extract.model import Agency, Facts, Province
from cchc_extract.normalise.agencies import find_province
from cchc_extract.normalise.registry import province_on
from cchc_extract.patterns import Patterns


def place_agency(agency: Agency, facts: Facts, patterns: Patterns) -> Agency:
    """With the code of its province: the one its own words name, else that of the document `facts` are about.

    Bodies of the centre, and those that the registry does not know, are of no province.
    """
    if agency.match is None or agency.level in (None, "central"):
        return agency
    day = facts.issued_on or (facts.period and facts.period.start) or date.min
    return _place(agency, facts.province, day, patterns)


@lru_cache(maxsize=2048)
def _place(agency: Agency, home: Province | None, day: date, patterns: Patterns) -> Agency:
    named = find_province(agency.text, patterns) if agency.level == "province" else None
    if named and (home is None or named.name != home.name):
        home = province_on(named.code, day, patterns)
    return replace(agency, province=home.code) if home else agency
