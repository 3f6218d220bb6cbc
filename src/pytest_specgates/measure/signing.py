"""Signatures by SSH keys, made and verified by ssh-keygen."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

NAMESPACE = "specgates"
"""What is signed for another purpose with the same key is no sign-off."""
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]+")


class SigningError(Exception):
    """Why something could not be signed, or why a signature does not hold."""


def sign(data: bytes, key: Path) -> bytes:
    """The signature of bytes by a private key, or by a public one whose private key an agent
    holds. Raises SigningError."""
    if not key.is_file():
        raise SigningError(f"{key}: there is no such key file")
    done = _run(["sign", "-q", "-f", str(key), "-n", NAMESPACE], data)
    if done.returncode or not done.stdout:
        raise SigningError(f"{key}: {_told(done)}")
    return done.stdout


def verify(data: bytes, signature: bytes, by: str, signers: Path) -> str:
    """The fingerprint of the key that signed these very bytes, which the file of allowed
    signers has for that name. Raises SigningError, as a sentence."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "signature")
        file.write_bytes(signature)
        parts = ["-n", NAMESPACE, "-s", str(file)]
        done = _run(["verify", "-f", str(signers), "-I", by, *parts], data)
        found = _FINGERPRINT.search(done.stdout.decode("utf-8", "replace"))
        if done.returncode == 0 and found:
            return found[0]
        checked = _run(["check-novalidate", *parts], data)
    found = _FINGERPRINT.search(checked.stdout.decode("utf-8", "replace"))
    if checked.returncode == 0 and found:
        raise SigningError(f"signed with a key ({found[0]}) that {signers.name} has not for {by}")
    raise SigningError(f"the signature does not hold: {_told(checked)}")


def _run(arguments: Sequence[str], data: bytes) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["ssh-keygen", "-Y", *arguments],
            input=data,
            capture_output=True,
            env={**os.environ, "LC_ALL": "C"},
            timeout=120,
            check=False,
        )
    except FileNotFoundError as error:
        raise SigningError("ssh-keygen is not there; install OpenSSH 8.2 or newer") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SigningError(f"ssh-keygen: {error}") from error


def _told(done: subprocess.CompletedProcess[bytes]) -> str:
    told = (done.stderr or done.stdout).decode("utf-8", "replace").splitlines()
    lines = [line for line in told if any(map(str.isalpha, line))]
    return lines[0].strip(" @\r") if lines else f"ssh-keygen exits with {done.returncode}"
