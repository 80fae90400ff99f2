"""The machinery that all simulators share: the world, the HTTP server, faults and control.

Tests use `running`; `manage.py simulate` serves in the foreground. Only those two may import a simulator.
"""

from providers.simulation.running import Running, running

__all__ = ["Running", "running"]
