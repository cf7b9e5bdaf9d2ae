"""Who sees what in a view: an agency its own rows and no other's, whatever the query says."""

from collections.abc import Iterator
from typing import Any, cast

import psycopg
import pytest
from eventsourcing.persistence import PersistenceError

from services.requests.views.cases import cases
from services.review.views.reviews import reviews
from shared.kernel.building import serving_version
from shared.kernel.identity import fresh_id
from shared.kernel.pipeline import Pipeline
from shared.kernel.running import Running
from shared.kernel.service import Service
from shared.kernel.views import EVERY_AGENCY, TableView
from shared.settings import Settings
from shared.trust.erasure.views import erasures
from shared.trust.keys import Keys
from tests.services.kernel.conftest import marked, seen
from tests.services.kernel.toys import laws, tally_view
from tests.specification import AGENCY


class Doorkeeper:
    """All that the queries of a service need of access: the law."""

    laws = staticmethod(laws)


@pytest.fixture
def running(settings: Settings, keys: Keys, dsn: str) -> Iterator[Running]:
    service = Service(name="press", title="计数", about="", views=(tally_view(),))
    made = Running(service, settings, cast("Any", Doorkeeper()), keys)
    made.start()
    yield made
    made.stop()


async def two(pipeline: Pipeline, running: Running) -> tuple[dict[str, str], list[str]]:
    """Two agencies with a tally each: the tallies' ids by agency."""
    ids, position = {}, 0
    for _ in range(2):
        agency = AGENCY.model_copy(update={"code": f"a{fresh_id().hex[-12:]}"})
        ids[agency.code], position = await marked(pipeline, 1, agency=agency)
    assert await running.views.wait(position, 5) >= position
    return ids, list(ids)


async def test_an_agency_sees_its_own_rows_even_where_the_query_forgets_to_ask(pipeline: Pipeline, running: Running) -> None:
    ids, (a, b) = await two(pipeline, running)
    for agency in (a, b):
        assert [str(row["id"]) for row in await running.query("SELECT id FROM views.tallies", agency=agency)] == [ids[agency]]
    assert await running.query("SELECT id FROM views.tallies WHERE agency = %s", (b,), agency=a) == []
    assert await running.query("SELECT id FROM views.tallies WHERE id = %s", (ids[b],), agency=a) == []


async def test_a_query_that_names_no_agency_sees_nothing(pipeline: Pipeline, running: Running) -> None:
    _, (a, _) = await two(pipeline, running)
    assert await running.query("SELECT id FROM views.tallies") == []
    assert await running.query("SELECT id FROM views.tallies WHERE agency = %s", (a,)) == []
    assert await running.query("SELECT id FROM views.tallies", agency="") == [], "no agency is not every agency"


async def test_what_one_query_named_does_not_stay_on_its_connection(pipeline: Pipeline, running: Running) -> None:
    _, (a, _) = await two(pipeline, running)
    for _ in range(10):
        assert len(await running.query("SELECT id FROM views.tallies", agency=a)) == 1
        assert await running.query("SELECT id FROM views.tallies") == []
    with pytest.raises(PersistenceError):
        await running.query("SELECT id, 1 / 0 FROM views.tallies", agency=a)
    for _ in range(10):
        assert await running.query("SELECT id FROM views.tallies") == []


async def test_what_works_for_all_agencies_says_so(pipeline: Pipeline, running: Running) -> None:
    ids, _ = await two(pipeline, running)
    found = {str(row["id"]) for row in await running.query("SELECT id FROM views.tallies", agency=EVERY_AGENCY)}
    assert set(ids.values()) <= found


async def test_an_agency_cannot_write_rows_of_another(pipeline: Pipeline, running: Running, dsn: str) -> None:
    ids, (a, b) = await two(pipeline, running)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        seen(dsn, "UPDATE views.tallies SET agency = %s WHERE id = %s RETURNING id", b, ids[a], agency=a)
    assert seen(dsn, "UPDATE views.tallies SET total = 0 WHERE id = %s RETURNING id", ids[b], agency=a) == []


@pytest.mark.parametrize("view", [cases, reviews, erasures], ids=lambda view: view.name)
def test_every_view_of_the_platform_is_closed_to_who_names_no_agency(view: TableView[Any], settings: Settings) -> None:
    dsn = settings.dsn(view.service, role=f"gongkai_{view.service}")
    with psycopg.connect(dsn, autocommit=True) as connection:
        table = f"{view.name}__{serving_version(connection, view)}"
    assert seen(dsn, "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", f"views.{table}") == [(True,)]
    assert seen(dsn, f"SELECT 1 FROM views.{view.name}", agency=None) == []
