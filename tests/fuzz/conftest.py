"""A fixed budget: the same inputs each time, so that a failure is seen again and time is known."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    'fixed', derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile('fixed')
