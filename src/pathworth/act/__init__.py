"""Who should get what, when, or nothing? Programs, consent, decisions on record, channels."""

from pathworth.act.consent import (
    end_rest,
    give_consent,
    give_consents,
    let_rest,
    mute,
    withdraw_consent,
)
from pathworth.act.contracts import (
    Cap,
    Channels,
    Explanation,
    MailServer,
    Message,
    MuteGuardrail,
    Outcome,
    Preview,
    Program,
    ProgramFinding,
    QuietHours,
    ReasonCount,
    Rehearsal,
    Rehearsed,
    Sender,
    Template,
    WebhookTarget,
)
from pathworth.act.deciding.assign import arm_of
from pathworth.act.deciding.decide import decide_due
from pathworth.act.deciding.guardrail import evidence
from pathworth.act.deciding.reasons import BLOCKING, in_order, said
from pathworth.act.document import dump_program, load_program, plain_program, program_of
from pathworth.act.draft import draft_program
from pathworth.act.leave import link_of, unsubscribe
from pathworth.act.pages.asks import (
    ask,
    ask_of,
    asks,
    faults_of_ask,
    heard,
    load_ask,
    save_ask,
    start_ask,
    stop_ask,
)
from pathworth.act.pages.contracts import LAST_OF_SCALE, KeptAsk, OnPage, PageAsk
from pathworth.act.programs import (
    KeptProgram,
    check,
    prepare,
    program,
    programs,
    save_program,
    start_program,
    stop_program,
)
from pathworth.act.rehearse import rehearse
from pathworth.act.sending.channel import ChannelSender, ready, send_test, sender_of
from pathworth.act.sending.compose import preview
from pathworth.act.sending.deliver import deliver
from pathworth.act.sending.hook import HookSender
from pathworth.act.sending.links import token
from pathworth.act.sending.mail import MailSender
from pathworth.act.sending.settings import channels, channels_of, keep_channels, shown_channels
from pathworth.act.watching.feed import feed, hear, listens, rest
from pathworth.act.why import PublicWhy, explain, step_names, why, why_for_person

__all__ = [
    "BLOCKING",
    "LAST_OF_SCALE",
    "Cap",
    "ChannelSender",
    "Channels",
    "Explanation",
    "HookSender",
    "KeptAsk",
    "KeptProgram",
    "MailSender",
    "MailServer",
    "Message",
    "MuteGuardrail",
    "OnPage",
    "Outcome",
    "PageAsk",
    "Preview",
    "Program",
    "ProgramFinding",
    "PublicWhy",
    "QuietHours",
    "ReasonCount",
    "Rehearsal",
    "Rehearsed",
    "Sender",
    "Template",
    "WebhookTarget",
    "arm_of",
    "ask",
    "ask_of",
    "asks",
    "channels",
    "channels_of",
    "check",
    "decide_due",
    "deliver",
    "draft_program",
    "dump_program",
    "end_rest",
    "evidence",
    "explain",
    "faults_of_ask",
    "feed",
    "give_consent",
    "give_consents",
    "hear",
    "heard",
    "in_order",
    "keep_channels",
    "let_rest",
    "link_of",
    "listens",
    "load_ask",
    "load_program",
    "mute",
    "plain_program",
    "prepare",
    "preview",
    "program",
    "program_of",
    "programs",
    "ready",
    "rehearse",
    "rest",
    "said",
    "save_ask",
    "save_program",
    "send_test",
    "sender_of",
    "shown_channels",
    "start_ask",
    "start_program",
    "step_names",
    "stop_ask",
    "stop_program",
    "token",
    "unsubscribe",
    "why",
    "why_for_person",
    "withdraw_consent",
]
