"""What may be decided about the organisation that speaks: a group with one lead, spokespersons of rank, liaison, network, training, one unit that responds."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from services.press.release_team import events as e
from services.press.release_team.ranks import RANKS
from services.press.release_team.state import ReleaseTeam
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, NotFound, Refused
from shared.kernel.events import Event

T = ReleaseTeam
Events = Sequence[Event]
RANK = "本局新闻发布制度（XW-04b）"


def own(state: T, given: Given) -> None:
    """It is its agency's alone."""
    if state.agency != given.agency.code:
        raise NotFound("not-found", "没有找到该事项，请核对编号。")


def with_spokespersons(state: T, given: Given) -> None:
    """Somebody speaks for the agency."""
    own(state, given)
    if not state.spokespersons:
        raise Refused("no-spokesperson", "还没有新闻发言人。")


def with_liaisons(state: T, given: Given) -> None:
    """There are liaison officers."""
    own(state, given)
    if not state.liaisons:
        raise Refused("no-liaison", "还没有联络员。")


def with_network(state: T, given: Given) -> None:
    """A unit has somebody."""
    own(state, given)
    if not state.network:
        raise Refused("not-in-network", "还没有科室联络人。")


def with_staff(state: T, given: Given) -> None:
    """There is somebody to train."""
    own(state, given)
    if not state.staff:
        raise Refused("nobody-to-train", "还没有发言人、联络员和工作网络，请先确定，再组织培训。", article="本局新闻发布制度（XW-08.3）")


def known_people(given: Given, people: Iterable[UUID], field: str) -> None:
    """Officials of the agency, each once."""
    listed = list(people)
    if any(not given.knows_person(one) for one in listed):
        raise Invalid("no-such-person", "本机关没有这名人员，请从列表中选择。", fields=[{"field": field, "sentence": "请选择"}])
    if len(set(listed)) != len(listed):
        raise Invalid("person-twice", "同一名人员只填写一次。", fields=[{"field": field, "sentence": "重复"}])


def known_unit(given: Given, unit: str) -> None:
    """A unit of the agency."""
    if not given.knows_unit(unit):
        raise Invalid("no-such-unit", "本机关没有这个科室，请从列表中选择。", fields=[{"field": "unit", "sentence": "请选择"}])


def constitute(given: Given, members: tuple[e.Member, ...], document: str) -> Events:
    """Its members, one of whom leads: the deputy director in charge (XW-03, XW-04b)."""
    known_people(given, (one.person for one in members), "members")
    leads = [one for one in members if one.duty == "lead"]
    if len(leads) != 1:
        raise Invalid("one-lead", "领导小组应当有一名牵头人。", fields=[{"field": "members", "sentence": "牵头人只填写一名"}])
    if leads[0].rank != RANKS.lead:
        raise Refused(
            "lead-rank",
            f"新闻发布工作由{RANKS.ranks[RANKS.lead]}牵头。",
            article=RANK,
            remedy="请把分管的副局长列为牵头人，组长可以由局长担任。",
        )
    return [e.GroupConstituted(members=members, document=document)]


def reconstitute(state: T, given: Given, members: tuple[e.Member, ...], document: str) -> Events:
    """Other members than now."""
    if set(members) == set(state.members):
        raise Refused("group-unchanged", "领导小组成员没有变化。")
    return constitute(given, members, document)


def appoint(state: T, given: Given, person: UUID, rank: str, document: str) -> Events:
    """Of the rank of the head of the general office, or higher (XW-04b)."""
    known_people(given, [person], "person")
    if state.speaks(person):
        raise Refused("spokesperson-already", "已经是新闻发言人。")
    if not RANKS.may_speak(rank):
        raise Refused(
            "rank-too-low",
            f"新闻发言人由{RANKS.ranks[RANKS.spokesperson]}及以上人员担任，{RANKS.ranks[rank]}不能担任。",
            article=RANK,
            remedy="请确定符合职务要求的人员。",
        )
    return [e.SpokespersonAppointed(person=person, rank=rank, document=document)]


def dismiss(state: T, person: UUID, reason: str) -> Events:
    """Who speaks now."""
    if not state.speaks(person):
        raise Refused("no-spokesperson", "不是现任新闻发言人。")
    return [e.SpokespersonDismissed(person=person, reason=reason)]


def appoint_liaison(state: T, given: Given, person: UUID) -> Events:
    """Once each."""
    known_people(given, [person], "person")
    if person in state.liaisons:
        raise Refused("liaison-already", "已经是联络员。")
    return [e.LiaisonAppointed(person=person)]


def dismiss_liaison(state: T, person: UUID, reason: str) -> Events:
    """Who is one now."""
    if person not in state.liaisons:
        raise Refused("no-liaison", "不是现任联络员。")
    return [e.LiaisonDismissed(person=person, reason=reason)]


def join(state: T, given: Given, unit: str, person: UUID) -> Events:
    """Somebody for each unit."""
    known_unit(given, unit)
    known_people(given, [person], "person")
    if state.network.get(unit) == person:
        raise Refused("in-network-already", "该科室的联络人没有变化。")
    return [e.NetworkJoined(unit=unit, person=person)]


def leave(state: T, unit: str, reason: str) -> Events:
    """A unit that has somebody."""
    if unit not in state.network:
        raise Refused("not-in-network", "该科室没有联络人。")
    return [e.NetworkLeft(unit=unit, reason=reason)]


def train(state: T, topic: str, attended: tuple[UUID, ...], evidence: str) -> Events:
    """Those who speak, do the office work or belong to the network."""
    strange = set(attended) - set(state.staff)
    if strange:
        raise Refused(
            "not-of-the-team",
            "参加培训的人员应当是发言人、联络员或者工作网络的成员。",
            article="本局新闻发布制度（XW-08.3）",
            remedy="请先把他们列入队伍。",
        )
    return [e.TrainingHeld(topic=topic, attended=tuple(dict.fromkeys(attended)), evidence=evidence)]


def designate(given: Given, unit: str, people: tuple[UUID, ...], document: str) -> Events:
    """One unit, and those of its people who respond (YQ-03.5a)."""
    known_unit(given, unit)
    known_people(given, people, "people")
    return [e.ResponseUnitDesignated(unit=unit, people=people, document=document)]
