"""Test files as text: which tests are in them, and how they are marked."""

from __future__ import annotations

import pytest

from pytest_specgates.read.source_of_tests import ignored_by, read_tests

HEAD = "import pytest\nimport unittest\n"


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("def test_a(): pass\n", []),
        ("@pytest.mark.skip\ndef test_a(): pass\n", ["skip"]),
        ("@pytest.mark.skipif(True, reason='x')\nasync def test_a(): pass\n", ["skipif"]),
        ("@unittest.skipUnless(False, 'x')\ndef test_a(): pass\n", ["skipif"]),
        ("@unittest.expectedFailure\ndef test_a(): pass\n", ["xfail"]),
        ("@pytest.mark.smoke\n@pytest.mark.xfail\ndef test_a(): pass\n", ["smoke", "xfail"]),
        ("def test_a():\n    pytest.skip('x')\n", ["skip"]),
        ("def test_a():\n    if True:\n        pytest.skip('x')\n", []),
        ("pytestmark = pytest.mark.skip\ndef test_a(): pass\n", ["skip"]),
        ("pytestmark = [pytest.mark.a, pytest.mark.b]\ndef test_a(): pass\n", ["a", "b"]),
        ("pytest.skip('x', allow_module_level=True)\ndef test_a(): pass\n", ["skip"]),
        (
            '@pytest.mark.spec("a/b", "c")\ndef test_a(): pass\n',
            ['spec("a/b")', 'spec("c")', "spec"],
        ),
        ("@other.mark.skip\ndef test_a(): pass\n", []),
        ("if True:\n    @pytest.mark.skip\n    def test_a(): pass\n", ["skip"]),
    ],
)
def test_marks(text: str, marks: list[str]) -> None:
    found = read_tests(HEAD + text)
    assert found is not None
    assert sorted(found["test_a"].marks) == sorted(marks)


def test_classes_hand_their_marks_down() -> None:
    text = (
        HEAD + "@pytest.mark.skip\nclass TestA:\n    class TestB:\n        def test_c(self): pass\n"
    )
    found = read_tests(text)
    assert found is not None
    assert list(found) == ["TestA::TestB::test_c"]
    assert found["TestA::TestB::test_c"].skips == {"skip"}
    assert found["TestA::TestB::test_c"].line == 6


@pytest.mark.parametrize("text", ["def (", "\x00", "(" * 10_000])
def test_what_is_no_python_has_no_tests(text: str) -> None:
    assert read_tests(text) is None
    assert ignored_by(text) == frozenset()


def test_what_a_conftest_keeps_from_being_collected() -> None:
    text = (
        "collect_ignore = ['a.py']\ncollect_ignore_glob = ['b*']\ncollect_ignore += ['c.py']\n"
        "def pytest_collection_modifyitems(items): items.clear()\n"
    )
    assert ignored_by(text) == {
        "a.py",
        "b*",
        "c.py",
        "what pytest_collection_modifyitems drops",
    }
