"""The page of permissions: who may do what under which article; and for the three administrators, who holds which role."""

from fastapi import Request, Response

from shared.access.directory import Directory
from shared.access.permissions import permissions, vacancies
from shared.kernel.application import Endpoint
from shared.kernel.clocks import today
from shared.kernel.commands import commands
from shared.kernel.errors import Forbidden
from shared.kernel.running import Running
from shared.web.rendering import official, page

ADMINISTRATION = ("access.enrol_person", "access.give_grant", "access.read_log")
"""Who has one of these sees the people of the agency with their roles."""


def shown(running: Running, directory: Directory) -> Endpoint:
    """`GET /access`, for every official of an agency."""

    async def permission_page(request: Request) -> Response:
        who = official(running, request)
        agency = directory.agency(who.agency)
        administers = False
        for capability in ADMINISTRATION:
            try:
                directory.authorise(who, capability, agency)
                administers = True
            except Forbidden as refusal:
                if refusal.code == "password-due":
                    raise
        book = directory.laws(agency).rulebook
        people = sorted(directory.people(agency.code), key=lambda person: person.name) if administers else []
        day = today()
        return page(
            running,
            request,
            "permissions.html",
            book=book.title,
            own=directory.grants(who.person, day),
            rows=permissions(book),
            command_titles={name: spec.title for name, spec in commands.items()},
            people=[(person, directory.grants(str(person.id), day)) for person in people],
            administers=administers,
            feeds=directory.feed_history() if administers else [],
            vacant=vacancies(directory, agency.code, day),
            name_of=directory.name_of,
        )

    return permission_page
