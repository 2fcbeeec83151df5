"""When work is to be done: the words of a time cell, or of a sentence, as typed deadlines.

Both readings share one view of a text (`times`): its stretches of time, dated from the plan, and its rhythms.
"""

from cchc_extract.normalise.deadlines.cell import parse_deadlines
from cchc_extract.normalise.deadlines.sentence import find_deadlines
from cchc_extract.normalise.deadlines.times import DeadlineContext

__all__ = ["DeadlineContext", "find_deadlines", "parse_deadlines"]
