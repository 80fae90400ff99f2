"""How gunicorn serves the site. Loaded by the master, so that a wrong setting ends it at once with exit code 2."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aggregator.settings")

from django.conf import settings

bind = [f"127.0.0.1:{settings.PORT}"]
workers = 2
worker_class = "gthread"
threads = 4
# Forwarding headers are believed from these peers alone.
forwarded_allow_ips = ",".join(str(network) for network in settings.TRUSTED_PROXIES)
loglevel = "warning"
# Positions, secrets and what signed-in people search for stay out of an access log that somebody turns on.
logger_class = "aggregator.accesslog.DiscreetLogger"
graceful_timeout = 7
timeout = 60
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True
if os.path.isdir("/dev/shm"):  # noqa: S108  heartbeats of the workers, which must not wait for a disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108
