"""How gunicorn serves the registry: read when it is started in this folder. Options of the command win."""

from config.server import refuse_with_problems

# A little more than path and query may have (registry/api/middleware.py), so that the usual refusal is that one.
limit_request_line = 8190


def post_worker_init(worker):
    refuse_with_problems()
