"""Two who migrate one database at once, as two servers that start after an upgrade: one waits for the other."""

from concurrent.futures import ThreadPoolExecutor

from tests.management.test_backup import new_target, run


def test_who_comes_second_waits_and_finds_nothing_left_to_do(tmp_path):
    """Real processes on an empty database: no lock of threads could show it, hence some ten seconds."""
    with new_target(tmp_path) as target:
        with ThreadPoolExecutor() as both:
            ended = list(both.map(lambda _: run(target, "migrate", "-v1"), range(2)))
        assert [(done.returncode, done.stderr) for done in ended] == [(0, "")] * 2
        assert sorted("Applying registry.0001" in done.stdout for done in ended) == [False, True]
        assert run(target, "migrate", "--check").returncode == 0
