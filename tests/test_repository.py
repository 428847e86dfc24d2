"""What the repository promises of itself: its files, its commands, its settings, its documents."""

import ast
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class

from config import environment

ROOT = Path(__file__).resolve().parent.parent
TOP_LEVEL = """
    README.md THREAT_MODEL.md Makefile pyproject.toml requirements.in requirements.txt CHANGELOG.md docs .ci/run
    .gitignore .env.example manage.py registry config fixtures tests
""".split()
NOT_OURS = {".git", ".venv", "var", "__pycache__", ".hypothesis", "test-results"}
BINARY = {".png", ".mo", ".xz"}
READERS = set(
    "text flag number names networks secret hosts address address_of_site token note_name verifier_keys".split()
)
LOCKS = ("requirements.txt", "tests/requirements.txt")
OURS = sorted(name for name, app in get_commands().items() if app == "registry")


def files(folder: Path = ROOT) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in NOT_OURS or "cache" in path.name or path.suffix in BINARY:
            continue
        if path.is_dir():
            yield from files(path)
        else:
            yield path


def documents() -> list[Path]:
    return [
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        ROOT / "THREAT_MODEL.md",
        *sorted((ROOT / "docs").rglob("*.md")),
    ]


def code_in(text: str) -> list[str]:
    """The lines of code blocks and the insides of `…`."""
    blocks = re.findall(r"^```.*?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", rest)


def commands_in_documents(first: str) -> list[tuple[str, str]]:
    pattern = re.compile(rf"(?:^|\s){first} ([^#|;&>]+)")
    return [
        (path.relative_to(ROOT).as_posix(), found[1].strip())
        for path in documents()
        for line in code_in(path.read_text(encoding="utf-8"))
        if (found := pattern.search(line))
    ]


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_the_top_level_is_as_given(name):
    assert (ROOT / name).exists()


def test_no_file_names_a_place_outside_the_project():
    outside = re.compile(r"/(work|root|farm)/|\.{2}/shared\b")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if outside.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("lock", LOCKS)
def test_requirements_are_exact_hashed_and_name_no_host(lock):
    text = (ROOT / lock).read_text()
    entries = re.findall(r"^(\S.*?)$(.*?)(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)
    pinned = [(head, rest) for head, rest in entries if not head.startswith("#")]
    assert len(pinned) > 20
    for head, rest in pinned:
        assert re.fullmatch(r"[a-z0-9-]+==[\w.]+ \\", head)
        assert "--hash=sha256:" in rest
    assert "://" not in text


def test_every_requirement_asked_for_is_locked():
    for lock in LOCKS:
        asked = (ROOT / lock).with_suffix(".in").read_text().splitlines()
        names = [found[0].lower() for line in asked if (found := re.match(r"[A-Za-z][\w-]*", line))]
        locked = (ROOT / lock).read_text()
        assert [name for name in names if not re.search(rf"^{name}==", locked, re.MULTILINE)] == []


def test_make_alone_lists_the_commands():
    printed = subprocess.run(["make", "-C", ROOT], capture_output=True, text=True, check=True).stdout
    assert [name for name in ("run", "test", "lint", "help") if f"make {name} " not in printed] == []


def test_make_targets_that_documents_name_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = commands_in_documents("make")
    words = [(path, word) for path, rest in named for word in rest.split() if "=" not in word]
    assert {"run", "test"} <= {word for _, word in words}
    assert [(path, word) for path, word in words if word not in targets] == []


def test_links_between_documents_lead_somewhere():
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in documents()
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert broken == []


def anchors(page: str) -> set[str]:
    """What a link may name behind #: the headings, as pages of Git hosts name them, and what is marked by hand."""
    found = set(re.findall(r'<a (?:id|name)="([^"]+)"', page))
    for heading in re.findall(r"^#+ (.+?)\s*$", page, re.MULTILINE):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        name = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        again = sum(1 for other in found if re.fullmatch(rf"{name}(-\d+)?", other))
        found.add(f"{name}-{again}" if again else name)
    return found


def without_code(path: Path) -> str:
    return re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def test_links_to_a_heading_lead_to_one():
    links = [
        (path, (path.parent / target) if target else path, anchor)
        for path in documents()
        for target, anchor in re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", without_code(path))
        if "://" not in target and not target.startswith("/")
    ]
    inside = [(path, page, anchor) for path, page, anchor in links if page.suffix == ".md"]
    assert len(inside) > 50
    broken = [
        f"{path.relative_to(ROOT)}: {page.name}#{anchor}"
        for path, page, anchor in inside
        if anchor not in anchors(without_code(page))
    ]
    assert broken == []


def test_management_commands_that_documents_show_can_be_called_so():
    shown = commands_in_documents(r"(?:\S+ )?(?:\./)?manage\.py")
    assert shown
    wrong = []
    for path, line in shown:
        name, *arguments = shlex.split(line.replace("…", ""))
        if name.isupper():  # stands for any of them
            continue
        if (app := get_commands().get(name)) is None:
            wrong.append(f"{path}: there is no command {name}")
            continue
        command = app if not isinstance(app, str) else load_command_class(app, name)
        try:
            command.create_parser("manage.py", name).parse_args(arguments)
        except (CommandError, SystemExit) as problem:
            wrong.append(f"{path}: manage.py {line}: {problem}")
    assert wrong == []


@pytest.mark.parametrize("name", OURS)
def test_each_command_documents_its_exit_codes(name):
    assert re.search(r"\b0:? .+\b[12]:? ", load_command_class("registry", name).help)


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def names_read(program: str) -> set[str]:
    """The environment's names that a program reads through config/environment.py."""
    calls = (node for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Call))
    read = (node for node in calls if ast.unparse(node.func).removeprefix("environment.") in READERS)
    return {node.args[0].value for node in read if isinstance(node.args[0], ast.Constant)}


def test_every_setting_of_the_list_is_read_and_no_other():
    read = set().union(*(names_read(path.read_text()) for path in (ROOT / "config").glob("*.py")))
    assert sorted(read | {"VAR_DIR", "LOCAL"}) == sorted(environment.VARIABLES)


def test_settings_read_the_environment_through_the_list_alone():
    elsewhere = [path for path in (ROOT / "config").glob("*.py") if path.name != "environment.py"]
    assert [path.name for path in elsewhere if "os.environ.get" in path.read_text()] == []


def test_the_example_environment_and_the_page_are_written_from_the_list():
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == environment.example()
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert page == environment.between_marks(page)


@pytest.mark.parametrize(
    ("name", "value"), [("HTTPS", "maybe"), ("CONN_MAX_AGE", "soon"), ("CONN_MAX_AGE", "-1")]
)
def test_a_setting_that_cannot_be_read_stops_the_registry_by_its_name(tmp_path, name, value):
    done = check_for_deployment(deployment(tmp_path, **{name: value}))
    assert done.returncode != 0
    assert f"{name} is '{value}'" in done.stderr


def deployment(tmp_path: Path, **changes: str) -> dict[str, str]:
    """The environment of .env.example with what a deployment must fill in."""
    example = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    filled = {
        "SECRET_KEY": "s1" * 40 + "".join(map(chr, range(97, 120))),
        "API_KEY_PEPPER": "p2" * 40,
        "ALLOWED_HOSTS": "registry.example",
        "VAR_DIR": str(tmp_path),
        "PATH": os.environ["PATH"],
    }
    return {**example, **filled, **changes}


def check_for_deployment(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(call, cwd=ROOT, env=environment, capture_output=True, text=True)


def test_a_deployment_made_from_the_example_environment_passes_every_check(tmp_path):
    environment = deployment(tmp_path)
    forgotten = check_for_deployment(environment)
    assert forgotten.returncode == 1
    assert re.findall(r"\((\w+\.\w+)\)", forgotten.stderr) == ["registry.W002"]
    assert "manage.py collectstatic" in forgotten.stderr
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(collect, cwd=ROOT, env=environment, check=True)
    done = check_for_deployment(environment)
    assert done.returncode == 0, done.stderr
    assert not any(path.suffix == ".txt" for path in tmp_path.iterdir())
    # Of an earlier release: what this one names is not in it.
    manifest = tmp_path / "static" / "staticfiles.json"
    manifest.write_text(re.sub(r'"admin/css/base\.css": "[^"]*", ', "", manifest.read_text()))
    assert "ví dụ admin/css/base.css" in check_for_deployment(environment).stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "API_KEY_PEPPER"])
def test_a_deployment_without_a_secret_does_not_start(tmp_path, name):
    done = check_for_deployment(deployment(tmp_path, **{name: ""}))
    assert done.returncode != 0
    assert f"{name} is not set" in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "ngan"),
        ("API_KEY_PEPPER", "p2" * 15),
        ("ALLOWED_HOSTS", "registry.example,*"),
        ("LOGIN_FAILURES", "0"),
        ("LOGIN_LOCK_MINUTES", "0"),
        ("SESSION_IDLE_MINUTES", "0"),
        ("SESSION_HOURS", "0"),
        ("SESSION_HOURS", "một"),
        ("METRICS_TOKEN", "ngan"),
        ("METRICS_TOKEN", "co khoang trang o giua"),
        ("METRICS_ADDRESSES", "10.0.0.0/8,0.0.0.0/0"),
        ("METRICS_ADDRESSES", "::/0"),
        ("PUBLIC_URL", "registry.example"),
        ("PUBLIC_URL", "ftp://registry.example"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://registry.example:cong"),
        ("CHECKPOINT_ORIGIN", "hai phong"),
        ("CHECKPOINT_ORIGIN", "hai+phong"),
        ("CHECKPOINT_ORIGIN", ""),
        ("CHECKPOINT_VERIFIER_KEYS", "hai-phong+00000000+AAAA"),
        ("CHECKPOINT_KEY_FILE", "/no/such/folder/key.pem"),
    ],
)
def test_a_deployment_with_a_senseless_value_is_refused_by_its_name(tmp_path, name, value):
    done = check_for_deployment(deployment(tmp_path, **{name: value}))
    assert done.returncode != 0
    assert re.search(rf"ImproperlyConfigured: {name}|\(ledger\.E001\) .*{value}", done.stderr), done.stderr
    assert value not in done.stderr or name not in {"SECRET_KEY", "API_KEY_PEPPER", "METRICS_TOKEN"}


@pytest.mark.parametrize(
    ("hosts", "chosen", "url"),
    [
        ("registry.example", "", "https://registry.example"),
        (".haiphong.example,registry.example", "", "https://registry.example"),
        (".haiphong.example", "https://so.haiphong.example/", "https://so.haiphong.example"),
    ],
)
def test_what_webhooks_and_mails_link_to_is_one_name(tmp_path, hosts, chosen, url):
    ask = "import config.settings as s; print(s.PUBLIC_URL, s.DEFAULT_FROM_EMAIL)"
    env = deployment(tmp_path, ALLOWED_HOSTS=hosts, PUBLIC_URL=chosen)
    told = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, env=env, capture_output=True, text=True)
    assert told.stdout.split() == [url, f"registry@{url.removeprefix('https://')}"], told.stderr


def test_names_below_a_domain_are_no_address_of_a_site(tmp_path):
    done = check_for_deployment(deployment(tmp_path, ALLOWED_HOSTS=".haiphong.example,.hp.example"))
    assert done.returncode != 0
    assert "ImproperlyConfigured: PUBLIC_URL is not set" in done.stderr


def test_ci_installs_what_tests_need_and_runs_them():
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["bash", "-n", script]).returncode == 0
    assert script.read_text().rstrip().endswith("exec make --keep-going lint test")
