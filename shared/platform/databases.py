"""The databases of the platform and the roles that its services take on: made once, compared afterwards, never dropped.

Each service has a database of its own and a role that can insert and select events and can neither change nor remove one. The owner of the
tables is another role, which no service takes on.
"""

import hashlib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import psycopg
from psycopg import sql

from shared.settings import Settings

LOGS = ("requests", "review", "publishing", "press", "audit", "access")
DATABASES = (*LOGS, "keys")
OWNER = "gongkai_owner"

GUARD = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'events are never changed or removed'; END $$;
CREATE OR REPLACE TRIGGER events_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} EXECUTE FUNCTION refuse_change();
"""


def statements(database: str) -> str:
    """What is applied to a database, as its owner."""
    parts = []
    if database != "keys":
        parts.append((files("shared.kernel") / "schema.sql").read_text(encoding="utf-8"))
        parts.append(GUARD.format(table="events"))
    for package in (f"services.{database}", {"access": "shared.access", "keys": "shared.trust"}.get(database, "")):
        try:
            further = Path(str(files(package) / "schema.sql")) if package else None
        except ModuleNotFoundError:
            further = None
        if further is not None and further.exists():
            parts.append(further.read_text(encoding="utf-8"))
    if database == "audit":
        parts.append(GUARD.format(table="ledger"))
    return "\n".join(parts)


def grants(database: str) -> str:
    """What a service's role may do in its database."""
    role = f"gongkai_{database}"
    if database == "keys":
        return f"GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO {role};"
    appended = "events, ledger" if database == "audit" else "events"
    return (
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};"
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {appended} FROM {role};"
        f"REVOKE INSERT, UPDATE, DELETE ON log_identity FROM {role};"
        # The tables of the views are the service's own already: nobody else may grant anything on them.
        f"GRANT USAGE, CREATE ON SCHEMA views TO {role}; GRANT SELECT, INSERT, UPDATE, DELETE ON views.progress, views.parked TO {role};"
    )


def schema_version() -> str:
    """Changes with every file that provisioning applies."""
    digest = hashlib.sha256()
    for database in DATABASES:
        digest.update(statements(database).encode())
        digest.update(grants(database).encode())
    return digest.hexdigest()[:16]


def provision(settings: Settings, databases: Sequence[str] = DATABASES) -> list[str]:
    """Makes what is missing; returns what was done, nothing if all was there. One query tells that all is as this version wants it."""
    version = schema_version()
    done: list[str] = []
    with psycopg.connect(settings.dsn("postgres"), autocommit=True) as server:
        if _provisioned(server, databases, version):
            return done
        for role in (OWNER, *(f"gongkai_{name}" for name in databases)):
            if server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None:
                server.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
                done.append(f"角色 {role}")
            server.execute(sql.SQL("GRANT {} TO CURRENT_USER WITH SET TRUE, INHERIT TRUE").format(sql.Identifier(role)))
        for name in databases:
            database = f"gongkai_{name}"
            if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone() is None:
                server.execute(
                    sql.SQL(
                        "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin LOCALE 'C.UTF-8'"
                    ).format(sql.Identifier(database), sql.Identifier(OWNER))
                )
                done.append(f"数据库 {database}")
        for name in databases:
            with psycopg.connect(settings.dsn(name), autocommit=False) as connection:
                connection.execute(f"SET ROLE {OWNER}")
                connection.execute(statements(name).encode())
                connection.execute(grants(name).encode())
                connection.execute("RESET ROLE")
                connection.execute(
                    sql.SQL("REVOKE CONNECT ON DATABASE {0} FROM PUBLIC; GRANT CONNECT ON DATABASE {0} TO {1}, {2}").format(
                        sql.Identifier(f"gongkai_{name}"), sql.Identifier(f"gongkai_{name}"), sql.Identifier(OWNER)
                    )
                )
            server.execute(
                sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(f"gongkai_{name}"), sql.Literal(f"gongkai schema {version}"))
            )
            done.append(f"表 {name}")
    return done


def _provisioned(server: psycopg.Connection[tuple[object, ...]], databases: Sequence[str], version: str) -> bool:
    row = server.execute(
        "SELECT count(*) FROM pg_database WHERE datname = ANY(%s) AND shobj_description(oid, 'pg_database') = %s",
        ([f"gongkai_{name}" for name in databases], f"gongkai schema {version}"),
    ).fetchone()
    return row is not None and row[0] == len(databases)
