"""Many documents: found, read in processes of their own, kept for the next run, and given out in their order."""

from cchc_extract.batch.documents import Work
from cchc_extract.batch.inputs import Found, Input, Search, find_inputs
from cchc_extract.batch.outcome import Outcome
from cchc_extract.batch.run import Settings, run_batch
from cchc_extract.batch.workers import Bounds, bounds_of

__all__ = ["Bounds", "Found", "Input", "Outcome", "Search", "Settings", "Work", "bounds_of", "find_inputs", "run_batch"]
