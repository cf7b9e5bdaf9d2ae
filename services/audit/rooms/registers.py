"""Who answers for openness, on pages: the registers of the years, and one of them with what it lacks."""

from typing import Any

from fastapi import Request

from services.audit.service_register.commands import OpenRegister
from services.audit.service_register.roles import DUTIES
from services.audit.service_register.state import ServiceRegister, service_register
from shared.kernel.commands import AgencyFacts
from shared.kernel.running import Running
from shared.web.acts import Tried
from shared.web.rooms import Column, Listing, Room, Shown

REGISTERS = """SELECT * FROM views.registers WHERE agency = %(agency)s AND %(reach)s::text[] IS NULL
    AND (%(confirmed)s::text IS NULL OR confirmed = (%(confirmed)s = '1')) ORDER BY year DESC LIMIT %(limit)s OFFSET %(offset)s"""

LISTS = (
    Listing(
        "registers",
        "责任登记",
        "audit.read_register",
        REGISTERS,
        (
            Column("年份", lambda row: (f"/audit/registers/{row['id']}", f"{row['year']} 年")),
            Column("状态", lambda row: ("#", "已确认") if row["confirmed"] else ("!", "未确认")),
            Column("缺少", lambda row: ("!", f"{row['missing']} 项") if row["missing"] else "没有"),
            Column("科室", lambda row: len(row["units"])),
        ),
        {"confirmed": ("状态", {"1": "已确认", "0": "未确认"})},
        "registers",
        "党组、局长负责，监察室协调，科室各负其责；每年登记，由党组或者主要负责人确认。",
        "还没有责任登记，请先建立本年度的登记。",
    ),
)


async def show(
    running: Running, _request: Request, state: ServiceRegister, agency: AgencyFacts, _made: Shown, _tried: Tried | None
) -> Shown:
    """The duties and the units, each with who has it; what is nobody's is marked."""
    directory: Any = running.doorkeeper

    def unit_name(code: str) -> str:
        return str(directory.unit_name(agency.code, code))

    duties = []
    for key, duty in DUTIES.items():
        holder = state.roles.get(key, "")
        named = directory.name_of(holder) if duty.holder == "person" else unit_name(holder) if holder else ""
        duties.append((duty.title, named if holder else ("!", "没有登记") if duty.required else "没有登记"))
    now = [one.code for one in directory.units(agency.code)]
    listed = dict.fromkeys((*state.units, *now))
    units = [
        (unit_name(unit), "、".join(owned.items), directory.name_of(owned.head))
        if (owned := state.owned.get(unit)) is not None
        else (unit_name(unit), ("!", "没有登记负责的事项"), ("!", "没有责任人"))
        for unit in listed
    ]
    return {
        "title": f"{state.year} 年责任登记",
        "next": next_step(state, [unit for unit in now if unit not in state.owned]),
        "facts": [
            ("状态", ("#", "已确认" if state.confirmed else "未确认")),
            ("确认人", directory.name_of(state.confirmed_by) if state.confirmed else ""),
        ],
        "sections": [
            {"title": "责任人", "columns": ("责任", "由谁承担"), "rows": duties},
            {"title": "科室负责的事项", "columns": ("科室", "事项", "责任人"), "rows": units, "empty": "本机关还没有科室。"},
        ],
    }


def next_step(state: ServiceRegister, without: list[str]) -> str:
    """What comes next."""
    if state.missing_roles:
        return f"登记责任人：{'、'.join(DUTIES[role].title for role in state.missing_roles)}。"
    if without:
        return f"还有 {len(without)} 个科室没有登记负责的事项。"
    return "" if state.confirmed else "请党组或者主要负责人确认。"


ROOMS = (
    Room(
        "registers",
        "责任登记",
        service_register,
        "audit.read_register",
        show,
        OpenRegister,
        titles={"role": {key: duty.title for key, duty in DUTIES.items()}},
    ),
)
