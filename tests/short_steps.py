"""Makes ingest commit after every few documents; imported by a worker under ``tests.fast_settings``."""

from aggregator.ingest import intake, pipeline

for module, name, value in (
    (pipeline, "WINDOW_DOCUMENTS", 15),
    (pipeline, "WINDOW_SECONDS", 0.3),
    (intake, "FIRST_ROWS", 40),
    (intake, "MOST_ROWS", {"sqlite": 40, "postgresql": 40}),
):
    if not hasattr(module, name):
        raise AttributeError(f"{module.__name__} has no {name} any more")
    setattr(module, name, value)
