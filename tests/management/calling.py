"""Calling a management command as a shell does, but inside the test's own transaction.

(`execute_from_command_line` closes the connection when it is done, and with it the test's transaction. That the
real programs end with these codes too is seen by the tests that start processes.)
"""

import contextlib
import io
from dataclasses import dataclass

from django.core.management import CommandError, load_command_class


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    out: str
    err: str


def manage(name: str, *arguments: str) -> Ended:
    """Exit code and output of `manage.py NAME ARGUMENTS`."""
    command = load_command_class("registry", name)
    command._called_from_command_line = True
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with contextlib.redirect_stderr(err):
        try:
            options = vars(command.create_parser("manage.py", name).parse_args(arguments))
            options |= {"stdout": out, "stderr": err}
            command.execute(*options.pop("args", ()), **options)
        except CommandError as refused:
            code = refused.returncode
            err.write(f"CommandError: {refused}\n")
        except SystemExit as leaving:
            code = int(leaving.code or 0)
    return Ended(code, out.getvalue(), err.getvalue())
