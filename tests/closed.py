"""Programs to which the kernel closes every network: whoever of them reaches for one is killed."""

from __future__ import annotations

import ctypes
import platform
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path

# A filter of classic BPF that looks at the number and the first argument of each system call. It is inherited by all
# that is started from here, and holds for C libraries as well.
SOCKET = {"x86_64": 41, "aarch64": 198}
"""The number of the call that makes a socket."""
AF_UNIX = 1
"""The only family that may be made: it reaches this machine alone, such as its sound server."""
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
KILL, ALLOW = 0x80000000, 0x7FFF0000
NUMBER, FIRST_ARGUMENT = 0, 16
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2


class Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def without_network() -> None:
    """Close every network to this process and its children, for good. Raises OSError where the kernel cannot."""
    rules = [
        (LOAD, 0, 0, NUMBER),
        (EQUAL, 0, 3, SOCKET[platform.machine()]),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (EQUAL, 1, 0, AF_UNIX),
        (RETURN, 0, 0, KILL),
        (RETURN, 0, 0, ALLOW),
    ]
    code = b"".join(struct.pack("HBBI", *rule) for rule in rules)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(Filter(len(rules), code)), 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel takes no filter")


def closed(*command: str, env: Mapping[str, str], folder: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program to its end without any network."""
    return subprocess.run(
        command,
        env=env,
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=without_network,
    )
