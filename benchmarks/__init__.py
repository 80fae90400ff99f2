"""Measurements against the numbers of the design; ``make bench`` prints them all."""
