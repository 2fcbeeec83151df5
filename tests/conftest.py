"""What the tests share: the profile of the property tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# The same examples on every run, and no time limit for one: a slow machine is no failure.
settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")
