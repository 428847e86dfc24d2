import os
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

from tests import engines


def test_a_missing_server_is_red_and_says_what_to_install(monkeypatch, capfd):
    monkeypatch.setenv("PG_BIN", "/nowhere")
    monkeypatch.delenv("ALLOW_SKIP", raising=False)
    assert engines.main(["postgresql", "--", "echo", "ran"]) == 1
    printed = capfd.readouterr()
    assert "apt-get install postgresql" in printed.err
    assert "ran" not in printed.out


def test_a_missing_server_is_forgiven_on_request_and_said(monkeypatch, capfd):
    monkeypatch.setenv("PG_BIN", "/nowhere")
    monkeypatch.setenv("ALLOW_SKIP", "1")
    assert engines.main(["postgresql", "--", "echo", "ran"]) == 0
    printed = capfd.readouterr()
    assert printed.err.startswith("SKIPPED on PostgreSQL")
    assert "ran" not in printed.out


def test_an_older_server_is_no_server(tmp_path):
    for name, text in {"initdb": "", "postgres": "#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n"}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    with pytest.raises(engines.NotInstalled):
        engines.server_directory({"PG_BIN": str(tmp_path)})


@pytest.mark.parametrize("call", [[], ["postgresql"], ["postgresql", "--"], ["mysql", "--", "true"]])
def test_a_wrong_call_shows_the_right_one(call, capsys):
    assert engines.main(call) == 2
    assert "usage: python -m tests.engines postgresql -- COMMAND" in capsys.readouterr().err


@pytest.fixture
def installed():
    try:
        engines.server_directory()
    except engines.NotInstalled as missing:
        if os.environ.get("ALLOW_SKIP") == "1":
            pytest.skip(str(missing))
        pytest.fail(str(missing), pytrace=False)


def test_the_command_gets_a_server_and_its_exit_code_comes_back(installed, tmp_path):
    script = tmp_path / "ask.py"
    script.write_text(
        "import os, sys, dj_database_url, psycopg\n"
        "c = dj_database_url.parse(os.environ['DATABASE_URL'])\n"
        "psycopg.connect(host=c['HOST'], user=c['USER'], dbname=c['NAME']).execute('create table t ()')\n"
        "sys.exit(7)\n"
    )
    # A process of its own: the command changes how signals are handled.
    code = os.spawnv(
        os.P_WAIT,
        sys.executable,
        [sys.executable, "-m", "tests.engines", "postgresql", "--", sys.executable, str(script)],
    )
    assert code == 7


def test_nothing_of_the_server_is_left(installed):
    with engines.postgresql() as url:
        home = Path(unquote(urlsplit(url).netloc.partition("@")[2]))
        with psycopg.connect(host=str(home), user="registry", dbname="postgres") as connection:
            assert connection.execute("show listen_addresses").fetchone() == ("",)
        assert home.stat().st_mode & 0o077 == 0
    assert not home.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(host=str(home), user="registry", dbname="postgres")
