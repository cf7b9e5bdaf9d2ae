"""The peers of the benchmarks, each a server of its own: the same FastAPI route left empty, and the stock `eventsourcing` recorder behind FastAPI.

python -m bench.peers empty --port 8101
python -m bench.peers stock --port 8102     (GONGKAI_DATABASE_URL names the server; the database `gongkai_bench` is made anew)
"""

import argparse
from typing import Any
from uuid import UUID

import psycopg
import uvicorn
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from fastapi import FastAPI
from psycopg.conninfo import conninfo_to_dict
from pydantic import BaseModel

from services.requests.disclosure_request.commands import Submit
from shared.settings import load_settings

PATH = "/api/requests/disclosure-requests"


class Out(BaseModel):
    """What the route answers."""

    id: str
    position: int


def empty() -> FastAPI:
    """The route with its body model and nothing behind it."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    @app.post(PATH, status_code=201)
    async def create(body: Submit) -> Out:
        return Out(id=body.applicant_kind, position=1)

    return app


class StockRequest(Aggregate):
    """A request as the library's first page would have it."""

    @event("Received")
    def __init__(self, applicant_kind: str, applicant_name: str, contact: str, content: str) -> None:
        self.applicant_kind = applicant_kind
        self.applicant_name = applicant_name
        self.contact = contact
        self.content = content


class Stock(Application[UUID]):
    """The stock application on its stock Postgres recorder."""

    name = "stock"

    def receive(self, body: Submit) -> int:
        """Saves one aggregate; returns its notification's id."""
        made = StockRequest(body.applicant_kind, body.applicant_name, body.contact, body.content)
        return int(self.save(made)[-1].notification.id)


def stock_environment() -> dict[str, str]:
    """A database of its own, made anew."""
    settings = load_settings()
    with psycopg.connect(settings.dsn("postgres"), autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS gongkai_bench WITH (FORCE)")
        server.execute("CREATE DATABASE gongkai_bench")
    parts: dict[str, Any] = conninfo_to_dict(settings.dsn("bench"))
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": "gongkai_bench",
        "POSTGRES_HOST": str(parts["host"]),
        "POSTGRES_PORT": str(parts["port"]),
        "POSTGRES_USER": str(parts["user"]),
        "POSTGRES_PASSWORD": str(parts["password"]),
        "POSTGRES_POOL_SIZE": "10",
        "POSTGRES_MAX_OVERFLOW": "40",
    }


def stock() -> FastAPI:
    """The route with a stock save behind it, in FastAPI's thread pool."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    application = Stock(stock_environment())

    @app.post(PATH, status_code=201)
    def create(body: Submit) -> Out:
        return Out(id="x", position=application.receive(body))

    return app


def main() -> None:
    """Serves one peer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", choices=("empty", "stock"))
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    app = empty() if given.peer == "empty" else stock()
    uvicorn.run(
        app, host="127.0.0.1", port=given.port, loop="uvloop", http="httptools", access_log=False, log_level="warning", backlog=2048
    )


if __name__ == "__main__":
    main()
