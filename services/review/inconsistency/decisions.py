"""The state of an inconsistency report, and what may be decided: every report comes to a finding, and whoever left a contact is answered."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

from msgspec.structs import replace

from services.review.inconsistency.events import (
    HandlingOverdue,
    InconsistencyFound,
    InconsistencyHandled,
    InconsistencyRaised,
    InconsistencyReported,
    Published,
    ReporterAnswered,
)
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event, Meta
from shared.law.deadlines import Deadline, Facts, deadline
from shared.trust.personal import Personal

Events = Sequence[Event]


class Stage(StrEnum):
    """Where a report stands."""

    OPEN = "open"
    RAISED = "raised"
    HANDLED = "handled"
    CLOSED = "closed"


TITLES: dict[Stage, str] = {
    Stage.OPEN: "待处理",
    Stage.RAISED: "已反映，待结果",
    Stage.HANDLED: "已处理，待答复反映人",
    Stage.CLOSED: "已办结",
}

FINDINGS = {"corrected": "本机关已更正", "corrected_by_other": "有关机关已更正", "consistent": "经核实一致，已说明", "withdrawn": "已撤下"}
"""What may come of a report."""


class InconsistencyReport(State, frozen=True):
    """A report as it stands. `by_agency`: this agency has found it itself. `limit` names the limit of its due date."""

    agency: str = ""
    stage: Stage = Stage.OPEN
    by_agency: bool = False
    content: Personal | None = None
    found: str = ""
    contact: Personal | None = None
    person_key: UUID | None = None
    published: tuple[Published, ...] = ()
    received_on: date | None = None
    deadline: Deadline | None = None
    rulebook: str | None = None
    raised: InconsistencyRaised | None = None
    handled: InconsistencyHandled | None = None
    answered: bool = False
    missed: bool = False

    @property
    def limit(self) -> str:
        """The rulebook's limit under which it stands."""
        return "inconsistency_raise" if self.by_agency else "inconsistency"


inconsistency_report: Aggregate[InconsistencyReport] = Aggregate("review.InconsistencyReport", InconsistencyReport)
evolves = inconsistency_report.evolves
S = InconsistencyReport


@evolves(InconsistencyReported, InconsistencyFound)
def began(state: S, event: InconsistencyReported | InconsistencyFound, meta: Meta) -> S:
    """What does not agree."""
    made = replace(
        state,
        agency=meta.agency,
        published=event.published,
        received_on=meta.effective_on,
        deadline=event.deadline,
        rulebook=meta.rulebook,
        by_agency=isinstance(event, InconsistencyFound),
    )
    if isinstance(event, InconsistencyFound):
        return replace(made, found=event.content)
    return replace(made, content=event.content, contact=event.contact, person_key=event.person_key)


@evolves(InconsistencyRaised)
def raised(state: S, event: InconsistencyRaised, _meta: Meta) -> S:
    """The department knows."""
    return replace(state, stage=Stage.RAISED, raised=event)


@evolves(InconsistencyHandled)
def handled(state: S, event: InconsistencyHandled, _meta: Meta) -> S:
    """It has come to something; who left a contact is answered yet."""
    return replace(state, stage=Stage.HANDLED if state.contact is not None else Stage.CLOSED, handled=event)


@evolves(ReporterAnswered)
def answered(state: S, _event: ReporterAnswered, _meta: Meta) -> S:
    """Told."""
    return replace(state, stage=Stage.CLOSED, answered=True)


@evolves(HandlingOverdue)
def overdue(state: S, _event: HandlingOverdue, _meta: Meta) -> S:
    """Late, once."""
    return replace(state, missed=True)


def not_handled(state: S, _given: Given) -> None:
    """Before it has come to something."""
    if state.stage in (Stage.HANDLED, Stage.CLOSED):
        raise Refused("handled-already", f"该反映{TITLES[state.stage]}，不能再处理。", article="国令711 第六条")


def raisable(state: S, given: Given) -> None:
    """Once."""
    not_handled(state, given)
    if state.stage is Stage.RAISED:
        raise Refused("raised-already", "已经向主管部门或者监察部门反映。")


def handleable(state: S, given: Given) -> None:
    """What this agency has found about another is raised first."""
    not_handled(state, given)
    if state.by_agency and state.raised is None:
        raise Refused(
            "not-raised",
            "发现其他机关信息不准确、不一致的，须先向主管部门或者监察部门反映。",
            remedy="请先办理“反映”。",
            article="国令711 第六条",
        )


def answerable(state: S, _given: Given) -> None:
    """After it was handled, where there is somebody to answer."""
    if state.stage is not Stage.HANDLED:
        told = "该反映没有留下联系方式，不需要答复。" if state.contact is None else "作出处理之后才能答复反映人，且只答复一次。"
        raise Refused("nothing-to-answer", told)


def due(given: Given, limit: str) -> Deadline:
    """The day by which it is to be handled or raised."""
    return deadline(Facts(start=given.today, limit=limit), given.rulebook, given.calendar)


def report(given: Given, content: str, contact: str, published: tuple[Published, ...]) -> Events:
    """A citizen's; anonymous where it leaves no contact."""
    return [
        InconsistencyReported(
            content=Personal.plain(content),
            published=published,
            person_key=given.new_person(),
            deadline=due(given, "inconsistency"),
            contact=Personal.plain(contact) if contact else None,
        )
    ]


def find(given: Given, content: str, published: tuple[Published, ...]) -> Events:
    """This agency's, about another."""
    if given.actor.person == "public":
        raise Invalid(
            "own-finding-by-official", "“本机关发现的”由工作人员登记。", fields=[{"field": "own_finding", "sentence": "公众不填写"}]
        )
    if all(one.agency == given.agency.code for one in published):
        raise Invalid("not-anothers", "须写明其他机关发布的信息。", fields=[{"field": "published", "sentence": "至少一项是其他机关发布的"}])
    return [InconsistencyFound(content=content, published=published, deadline=due(given, "inconsistency_raise"))]


def raise_it(state: S, given: Given, to: str, name: str, document: str) -> Events:
    """To the competent department or the supervision department; late, it is a miss."""
    made = InconsistencyRaised(to=to, name=name, document=document)
    late = miss(state, given) if state.by_agency else []
    return [made, *late]


def handle(state: S, given: Given, finding: str, measures: str, evidence: str) -> Events:
    """With what was done, and its evidence; late, it is a miss."""
    made = InconsistencyHandled(finding=finding, measures=measures, evidence=evidence)
    late = [] if state.by_agency else miss(state, given)
    return [made, *late]


def miss(state: S, given: Given) -> list[Event]:
    """Once, when the day is over."""
    done = state.raised is not None if state.by_agency else state.handled is not None
    if done or state.missed or state.deadline is None or given.today <= state.deadline.due:
        return []
    return [HandlingOverdue(due=state.deadline.due)]
