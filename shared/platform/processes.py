"""Servers that this platform starts: found again by their pid file, stopped in order, never confused with another process of the same number."""

import os
import secrets
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import psutil


def free_port() -> int:
    """A port that nobody listens on now, on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int, timeout: float = 0.2) -> bool:
    """Whether somebody listens on a loopback port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout).close()
    except OSError:
        return False
    return True


def wait_until_answers(port: int, process: psutil.Process, seconds: float = 30.0) -> bool:
    """Waits until a server listens; False if it ended or the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answers(port):
            return True
        if not alive(process):
            return False
        time.sleep(0.02)
    return False


def launch(arguments: list[str], log: Path, *, folder: str | Path, **identity: Any) -> psutil.Process:
    """Starts a server in a session of its own, so that no Ctrl-C meant for us reaches it; what it prints goes to `log`. It may outlive us.
    `identity`: as whom, as `subprocess` wants it.
    """
    with log.open("ab") as written:
        child = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=written, stderr=written, cwd=folder, start_new_session=True, **identity
        )
    # Whoever is last ends it, by its number: `subprocess` need not wait for it, nor warn that it still runs.
    child.returncode = 0
    return psutil.Process(child.pid)


def alive(process: psutil.Process) -> bool:
    """Whether a process still runs; a child of ours that has ended is buried."""
    try:
        if process.status() != psutil.STATUS_ZOMBIE:
            return bool(process.is_running())
        process.wait(0)
    except psutil.Error:
        pass
    return False


def running(pid_file: Path, program: str, argument: str) -> psutil.Process | None:
    """The process of a pid file (its first line), if it still is the program that wrote it: numbers are given again, and another directory may
    have a server of the same name, so `argument` has to be among its arguments.
    """
    try:
        process = psutil.Process(int(pid_file.read_text(encoding="ascii").split()[0]))
        arguments = process.cmdline()
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    return process if alive(process) and arguments and program in arguments[0] and argument in arguments[1:] else None


def end(process: psutil.Process, how: signal.Signals, seconds: float = 20.0) -> None:
    """Asks a process to end and waits; after `seconds` it is killed."""
    try:
        process.send_signal(how)
        process.wait(seconds)
    except psutil.TimeoutExpired:
        process.kill()
        process.wait(5)
    except psutil.NoSuchProcess:
        pass


def secret_file(path: Path) -> str:
    """The secret kept in a file that only its owner reads; made the first time."""
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    secret = secrets.token_urlsafe(24)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secret)
    return secret


def kept_port(path: Path, wanted: int = 0) -> int:
    """The port kept in a file, so that addresses stay the same; another one if somebody else has taken it."""
    if wanted:
        return wanted
    try:
        port = int(path.read_text(encoding="ascii"))
        if not answers(port):
            return port
    except (OSError, ValueError):
        pass
    port = free_port()
    path.write_text(str(port), encoding="ascii")
    return port
