"""How gunicorn serves the registry: read when it is started in this folder. Options of the command win."""

from config.environment import LOCAL, VAR_DIR, flag, text
from config.logs import logging_of
from config.memory import keep_memory
from config.server import refuse_with_problems
from registry.api.watching import share_between_processes

# A little more than path and query may have (registry/api/middleware.py), so that the usual refusal is that one.
limit_request_line = 8190

# Seconds: a reload or a stop waits so long for exports that are on their way; then they break off.
graceful_timeout = 120

# Nobody steers the server but systemd: no socket in a home folder, which the unit cannot write.
control_socket_disable = True


def post_worker_init(worker):
    keep_memory()
    refuse_with_problems()


if not LOCAL:
    # The server's own words in the same form. (Requests are logged by the registry: gunicorn knows no route.)
    logconfig_dict = logging_of(level=text("LOG_LEVEL"), json=flag("LOG_JSON"), requests=flag("LOG_REQUESTS"))


def on_starting(server):
    share_between_processes(VAR_DIR / "metrics")


def child_exit(server, worker):
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)
