"""Criteria to results. Site and API ask here alone, so that a better search can take the place of the plain
one.
"""
