"""Drawn pictures in place of stills, posters, portraits and logos: invented, but worth looking at.

The same name gives the same picture in every size, and nothing here is chance. ``spoilt`` makes of a good answer what
hostile and careless upstreams send in its place.
"""

from providers.simulation.pictures.canvas import Motif, drawn
from providers.simulation.pictures.spoilt import PICTURES, served

__all__ = ["PICTURES", "Motif", "drawn", "served"]
