"""Forms made from commands, and back from what was typed."""

from services.requests.disclosure_request.commands import ApproveReply, Assign, CorrectFacts, DraftReply, Submit
from shared.kernel.commands import Command
from shared.law.outcomes import OUTCOMES
from shared.web.acting import act_form
from shared.web.forms import Field, faults_of, fields_of, parse

TYPED = {"applicant_name": ["张䶮"], "contact": ["13900000000"], "content": ["2024年预算\n以及决算"], "applicant_kind": ["research"]}


def form(model: type[Command], **values: list[str]) -> dict[str, Field]:
    return {field.name: field for field in fields_of(model, values or None)}


def test_a_field_has_the_title_the_hint_and_the_mark_of_its_model() -> None:
    fields = form(Submit)
    assert (fields["applicant_name"].title, fields["applicant_name"].required, fields["applicant_name"].kind) == (
        "姓名或者名称",
        True,
        "text",
    )
    assert fields["id_number"].required is False
    assert fields["effective_on"].hint.startswith("补录")
    assert {name: fields[name].kind for name in ("content", "form", "own_records", "received_on")} == {
        "content": "area", "form": "choice", "own_records": "flag", "received_on": "date",
    }  # fmt: skip


def test_what_was_typed_becomes_the_command_and_stays_in_the_form() -> None:
    command, wrong = parse(Submit, TYPED)
    assert wrong == {}
    assert isinstance(command, Submit)
    assert (command.applicant_name, command.content, command.own_records) == ("张䶮", "2024年预算\n以及决算", False)
    fields = form(Submit, **TYPED)
    assert (fields["applicant_name"].value, fields["applicant_kind"].value) == ("张䶮", "research")


def test_what_is_wrong_is_told_at_its_field() -> None:
    command, wrong = parse(Submit, {"applicant_name": ["张"], "content": ["预"]})
    assert command is None
    assert wrong == {"contact": "必填", "content": "至少 2 个字"}
    assert ("contact", "联系方式", "必填") in faults_of(Submit, wrong)
    assert {field.name: field.wrong for field in fields_of(Submit, TYPED, wrong)}["contact"] == "必填"


def test_nothing_is_chosen_for_a_person() -> None:
    kind = form(CorrectFacts)["applicant_kind"]
    assert kind.choices[0] == ("", "（不填）")
    assert kind.value == ""
    command, wrong = parse(CorrectFacts, {"reason": ["登记有误"], "received_on": ["2026-11-20"], "applicant_kind": [""]})
    assert isinstance(command, CorrectFacts)
    assert (wrong, command.applicant_kind) == ({}, None)
    outcome = form(DraftReply)["outcome"]
    assert outcome.choices[0] == ("", "请选择")
    assert {title for value, title in outcome.choices if value} == {f"{one.group}：{one.label}" for one in OUTCOMES.values()}


def test_rows_that_are_empty_are_left_out_and_a_fault_in_a_row_names_its_place() -> None:
    typed = {"outcome": ["r1_public"], "text": ["现予公开"], "grounds.0.article": ["条例第三十六条"], "grounds.0.outcome": [""]}
    command, wrong = parse(DraftReply, typed)
    assert command is None
    told = {name: title for name, title, _ in faults_of(DraftReply, wrong)}
    assert "属于哪一项结果" in told["grounds.0.outcome"]
    assert "第 1 项" in told["grounds.0.outcome"]
    assert not [name for name in wrong if name.startswith(("grounds.1", "files"))]


def test_digits_of_other_scripts_are_told_and_break_nothing() -> None:
    _, wrong = parse(DraftReply, {"outcome": ["r1_public"], "files.0.name": ["a"], "files.0.size": ["²"]})
    assert wrong["files.0.size"] == "应为整数"


def test_a_form_carries_what_is_approved_and_no_official_types_it() -> None:
    made = act_form({"verb": "approve-reply"}, ApproveReply, None, None)
    assert made["approves"] is True
    assert "approves" not in {field.name for field in made["fields"]}
    assert [field.name for field in made["late"]] == ["effective_on", "late_reason"]


def test_a_unit_is_chosen_from_those_there_are() -> None:
    (unit,) = [one for one in act_form({}, Assign, None, None, [("fg", "法规科")])["fields"] if one.name == "unit"]
    assert (unit.kind, unit.choices) == ("choice", [("", "请选择"), ("fg", "法规科")])
