"""Finding people; kept under this name for those who ask for them alone."""

from aggregator.search.listings import find_people

__all__ = ["find_people"]
