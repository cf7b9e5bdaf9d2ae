"""Servers that this platform starts: found again by their pid file, stopped in order, never confused with another process of the same number."""

import os
import secrets
import signal
import socket
import time
from pathlib import Path

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
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return False
        time.sleep(0.02)
    return False


def running(pid_file: Path, program: str) -> psutil.Process | None:
    """The process of a pid file (its first line), if it still is the program that wrote it."""
    try:
        process = psutil.Process(int(pid_file.read_text(encoding="ascii").split()[0]))
        if process.status() != psutil.STATUS_ZOMBIE and any(program in part for part in process.cmdline()[:1]):
            return process
    except (OSError, ValueError, IndexError, psutil.Error):
        pass
    return None


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
