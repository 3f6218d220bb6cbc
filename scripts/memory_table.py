"""What each method of `memory` gates tells of eight workloads, as the table of docs/performance.md.

Beside them stands the method that is not offered: looking at the process ten times a second.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import select
import subprocess
import sys
import tempfile
from pathlib import Path

WORKLOADS = '''
import ctypes
import mmap
import subprocess
import sys

N = 100 << 20


def test_tuples():
    """1,000,000 small tuples"""
    kept = [(i, i + 1.5) for i in range(1_000_000)]


def test_bytes():
    """100 MiB of bytes, kept to the end"""
    kept = b"x" * N


def test_spike():
    """100 MiB, freed at once"""
    bytearray(N)


def test_malloc():
    """100 MiB by malloc in C"""
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    place = ctypes.c_void_p(libc.malloc(ctypes.c_size_t(N)))
    ctypes.memset(place, 1, N)
    libc.free(place)


def test_mmap():
    """100 MiB by mmap"""
    with mmap.mmap(-1, N) as mapped:
        for place in range(0, N, mmap.PAGESIZE):
            mapped[place] = 1


def test_child():
    """100 MiB in another process"""
    subprocess.run([sys.executable, "-c", f"bytearray({N})"], check=True)


def test_churn():
    """1 MiB, 2,000 times one after the other"""
    for _ in range(2000):
        bytearray(1 << 20)
'''
OF_NUMPY = '''
import numpy


def test_numpy():
    """100 MiB in an array of numpy"""
    kept = numpy.ones(N // 8)
'''
RUN_ONE = """
import sys, test_w
print(open("/proc/self/statm").read().split()[1], flush=True)
sys.stdin.readline()
getattr(test_w, sys.argv[1])()
"""
SECONDS = 0.1


def main() -> None:
    methods = ["rss", "tracemalloc"]
    methods += ["memray"] if importlib.util.find_spec("memray") else []
    source = WORKLOADS + (OF_NUMPY if importlib.util.find_spec("numpy") else "")
    names = {
        node.name: ast.get_docstring(node) or node.name
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
    }
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "test_w.py").write_text(source, "utf-8")
        found = measured(root, methods)
        found["sampled"] = {name: sampled(root, name) for name in names}
    print(f"| workload | {' | '.join(f'`{m}`' for m in methods)} | sampled |")
    print("|---" * (len(methods) + 2) + "|")
    for name, told in names.items():
        cells = [f"{found[m][name] / (1 << 20):.1f}" for m in (*methods, "sampled")]
        print(f"| {told} | {' | '.join(cells)} |")


def measured(root: Path, methods: list[str]) -> dict[str, dict[str, float]]:
    """Bytes by method and test, from a run with a gate for each method."""
    gates = "".join(
        f"  - {{id: {m}, memory: peak < 1 TiB, of: test_w.py, by: {m}}}\n" for m in methods
    )
    (root / "specs").mkdir()
    (root / "specs" / "x.spec.yaml").write_text(f"spec: x\ngates:\n{gates}", "utf-8")
    (root / "pytest.ini").write_text("[pytest]\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "--spec-gates"]
    command.append("--spec-gates-report=json:report.json")
    subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL)
    report = json.loads((root / "report.json").read_text("utf-8"))
    return {
        gate["nodeid"].rpartition("::")[2]: {
            value["subject"].rpartition("::")[2]: float(value["value"])
            for value in gate["checks"][0]["measurement"]["values"]
        }
        for gate in report["gates"]
    }


def sampled(root: Path, name: str) -> float:
    """The most that a look at the process, ten times a second, finds above its start."""
    command = [sys.executable, "-c", RUN_ONE, name]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=root, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        start = highest = int(process.stdout.readline())
        process.stdin.write("\n")
        process.stdin.flush()
        while not select.select([process.stdout], [], [], SECONDS)[0]:
            told = Path(f"/proc/{process.pid}/statm").read_text("ascii").split()
            highest = max(highest, int(told[1]))
    return (highest - start) * 4096


if __name__ == "__main__":
    main()
