"""What the tests share: the profile of the property tests, and compiled modules for the programs they start."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# The same examples on every run, and no time limit for one: a slow machine is no failure.
settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

# Some hundred tests start the program; where nothing compiled may be kept, each start compiles all of it.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
