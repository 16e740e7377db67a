"""A program as a document: read, written, checked with codes and remedies, and its message in a sandbox."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.act.made import TEXT, program, shop

from pathworth import act
from pathworth.act.sending.write import NotWritable, write
from pathworth.base.errors import BadInput, Refused


def test_a_program_written_out_reads_back_equal() -> None:
    one = program(
        quiet_hours=act.QuietHours("21:00", "08:00", "tz"),
        who="first = 'a' and not did('buys')",
        guardrail=None,
        cap=act.Cap(2, "7d"),
        message=act.Template("Hi", TEXT, "<p>{{ unsubscribe }}</p>"),
    )
    assert act.load_program(act.dump_program(one)) == one
    assert act.program_of(act.plain_program(one)) == one


def test_a_time_of_day_without_quotes_stays_a_time_of_day() -> None:
    text = act.dump_program(program(quiet_hours=act.QuietHours("22:30", "07:00"))).replace("'", "")
    assert act.load_program(text).quiet_hours == act.QuietHours("22:30", "07:00")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("id: [", "BAD_YAML"),
        ("- a", "BAD_PROGRAM"),
        ("id: a\nnmae: b", "BAD_PROGRAM"),
        (act.dump_program(program()) + "holdout: much\n", "BAD_PROGRAM"),
        (act.dump_program(program()).replace("holdout: 0.0", "cap: {contact: 3}"), "BAD_PROGRAM"),
        ("a: &x 1\nb: *x", "BAD_YAML"),
        ("#" * 300_000, "PROGRAM_TOO_LONG"),
    ],
)
def test_a_document_that_cannot_be_read_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        act.load_program(text)
    assert caught.value.code == code
    assert caught.value.hint


def message(**given: str) -> act.Template:
    return replace(act.Template("Hi", TEXT), **given)


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        ({"map": "shpo"}, "UNKNOWN_MAP", "map"),
        ({"step": "fill"}, "UNKNOWN_STEP", "step"),
        ({"goal": "buy"}, "UNKNOWN_STEP", "goal"),
        ({"goal": "fills"}, "GOAL_IS_STEP", "goal"),
        ({"goal": None}, "NO_GOAL", "goal"),
        ({"trigger": "stalls"}, "NO_STALL_TIME", "stalls_after"),
        ({"stalls_after": "2d"}, "STALL_TIME_UNUSED", "stalls_after"),
        ({"wait": "soon"}, "BAD_DURATION", "wait"),
        ({"again": "weekly"}, "BAD_DURATION", "again"),
        ({"quiet_hours": act.QuietHours("9 pm", "08:00")}, "BAD_QUIET_HOURS", "quiet_hours.begin"),
        ({"purpose": " "}, "NO_PURPOSE", "purpose"),
        ({"cap": act.Cap(0)}, "BAD_CAP", "cap.contacts"),
        ({"holdout": 0.95}, "BAD_HOLDOUT", "holdout"),
        ({"holdout": 0.0}, "NO_HOLDOUT", "holdout"),
        ({"guardrail": None}, "NO_GUARDRAIL", "guardrail"),
        ({"guardrail": act.MuteGuardrail(0.0)}, "BAD_GUARDRAIL", "guardrail"),
        ({"who": "plan ="}, "RULE_DOES_NOT_PARSE", "who"),
        ({"exit": "drop table"}, "RULE_DOES_NOT_PARSE", "exit"),
        (
            {"message": message(text="a\n{% if x %}\n{{ unsubscribe }}")},
            "TEMPLATE_ERROR",
            "message.text",
        ),
        (
            {"message": message(text="{{ perso }} {{ unsubscribe }}")},
            "TEMPLATE_ERROR",
            "message.text",
        ),
        ({"message": message(text="Hello")}, "NO_UNSUBSCRIBE", "message.text"),
        ({"message": message(html="<p>Hello</p>")}, "NO_UNSUBSCRIBE", "message.html"),
        ({"message": message(subject=" ")}, "NO_SUBJECT", "message.subject"),
        ({"message": message(text=" ")}, "NO_TEXT", "message.text"),
        ({"id": "Basket 1"}, "BAD_PROGRAM_ID", "id"),
    ],
)
def test_what_is_wrong_with_a_program_has_a_code_a_place_and_a_remedy(
    tmp_path: Path, change: dict, code: str, where: str
) -> None:
    workspace = shop(tmp_path / "w")
    found = {one.code: one for one in act.check(workspace, program(**change))}
    assert code in found
    assert found[code].where == where
    assert found[code].hint


def test_an_error_in_a_template_names_its_line(tmp_path: Path) -> None:
    wrong = program(message=message(text="a\nb\n{{ person.first | }}\n{{ unsubscribe }}"))
    (found,) = [
        one for one in act.check(shop(tmp_path / "w"), wrong) if one.code == "TEMPLATE_ERROR"
    ]
    assert found.line == 3


def test_a_program_with_an_error_does_not_start(tmp_path: Path) -> None:
    workspace = shop(tmp_path / "w")
    act.save_program(workspace, program(purpose=""))
    with pytest.raises(Refused, match="PROGRAM_NOT_READY"):
        act.start_program(workspace, "basket")
    assert act.program(workspace, "basket").record.state == "draft"


def test_a_draft_of_any_step_only_lacks_what_the_data_lacks(tmp_path: Path) -> None:
    workspace = shop(tmp_path / "w")
    for step in ("looks", "Fills the basket", "buys"):
        drafted = act.draft_program(workspace, "shop", step=step)
        assert [one for one in act.check(workspace, drafted) if one.level == "error"] == []


@pytest.mark.parametrize(
    "source",
    [
        "{{ person.__class__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ person._values }}",
        "{% for a in range(10) %}{% endfor %}",
        "{{ 'a' * 1000000000 }}",
        "{{ [0] * 1000000000 }}",
        "{{ 9 ** 9999999 }}",
        "{{ '%1000000000s' % 'a' }}",
        "{{ 'a' | center(1000000000) }}",
        "{% set a = 'a' %}{% set a = a ~ a %}{{ a }}",
        "{{ person.missing }}",
        "{{ unsubscribe.format }}{{ '{0.__class__}'.format(person) }}",
        "{% for a in 'aaaaaaaaaa' %}{{ '%100000s' % a }}{% endfor %}" * 3,
    ],
)
def test_a_template_reaches_nothing_but_the_persons_own_values(source: str) -> None:
    with pytest.raises(NotWritable):
        write(act.Template("s", source), {"first": "Ann"}, unsubscribe="u", why="w")


def test_a_choice_a_default_and_a_filter_are_all_that_a_message_needs() -> None:
    source = "{% if person.plan == 'pro' %}Pro{% else %}{{ person.plan | default('none') | upper }}{% endif %}"
    said = [
        write(act.Template("s", source), values, unsubscribe="u", why="w").text
        for values in ({"plan": "pro"}, {"plan": "team"})
    ]
    assert said == ["Pro", "TEAM"]


def test_html_is_escaped_and_text_is_not() -> None:
    both = act.Template("s", "{{ person.first }}", "<p>{{ person.first }}</p>")
    made = write(both, {"first": "<b>&"}, unsubscribe="u", why="w")
    assert (made.text, made.html) == ("<b>&", "<p>&lt;b&gt;&amp;</p>")
    assert made.used == {"first": "<b>&"}
