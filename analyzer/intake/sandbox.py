"""What a reading process may not do: use the network, start programs, write files, or outgrow its bounds."""

from __future__ import annotations

import ctypes
import platform
import resource
import signal
import struct
import sys

from .limits import ReadLimits

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP = 1, 38, 22
_SECCOMP_MODE_FILTER = 2
_ALLOW, _EPERM = 0x7FFF0000, 0x00050000 | 1
#: Machine → (audit architecture, numbers of socket, socketpair, connect, execve, execveat, ptrace, io_uring_setup).
_SYSCALLS = {
    "x86_64": (0xC000003E, (41, 53, 42, 59, 322, 101, 425)),
    "aarch64": (0xC00000B7, (198, 199, 203, 221, 281, 117, 425)),
}
_DENIED_EVENTS = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.spawn", "ftplib.")


def confine(limits: ReadLimits) -> None:
    """Binds the calling process for the rest of its life. Limits are hard: nothing in the process can raise them."""
    for name, value in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (value, value))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    sys.addaudithook(_deny)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        # The reader dies with its keeper, so that no orphan goes on computing.
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        _filter_system_calls(libc)


def _deny(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(_DENIED_EVENTS):
        raise PermissionError(event)


def _filter_system_calls(libc: ctypes.CDLL) -> None:
    """Native code is held by the kernel, where it offers seccomp; the audit hook above holds Python everywhere."""
    known = _SYSCALLS.get(platform.machine())
    if known is None:
        return
    architecture, numbers = known
    count = len(numbers)
    program = [
        (0x20, 0, 0, 4),  # load the architecture
        (0x15, 0, count + 2, architecture),  # another one: to the refusal
        (0x20, 0, 0, 0),  # load the call's number
        *((0x15, count - position, 0, number) for position, number in enumerate(numbers)),
        (0x06, 0, 0, _ALLOW),
        (0x06, 0, 0, _EPERM),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    descriptor = ctypes.create_string_buffer(struct.pack("HL", len(program), ctypes.addressof(code)))
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(descriptor), 0, 0)
