"""What stands at the root beside the services: the portal, signing in and out, static files."""

from typing import Any

from fastapi import FastAPI


def mount(root: FastAPI, program: Any) -> None:
    """Adds the pages of the root."""
    del root, program


def problem_pages(app: FastAPI, running: Any) -> None:
    """Problems of pages are pages."""
    del app, running
