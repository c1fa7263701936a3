"""The life of a version of a briefing: what is done to it when, and what it is afterwards. docs/lives.md follows."""

from briefings.writing.rules import OPEN_STATES, VersionState
from lms.kit.lives import Life, Step, each_to

DRAFT, CHECKED, APPROVED = VersionState.DRAFT, VersionState.CHECKED, VersionState.APPROVED
PUBLISHED, SUPERSEDED, WITHDRAWN = VersionState.PUBLISHED, VersionState.SUPERSEDED, VersionState.WITHDRAWN
STANDS = "This version is {state}. "

WRITE = Step("write", "writer", each_to(OPEN_STATES, DRAFT), f"{STANDS}Start a new version to change what it says.")
ASK = Step("ask for the check", "writer", each_to({DRAFT}), f"{STANDS}It has been checked already.")
CHECK = Step("check the facts", "second person", each_to({DRAFT}, CHECKED), f"{STANDS}It has been checked already.")
RETURN = Step(
    "send back",
    "the person who checks or approves",
    each_to(OPEN_STATES, DRAFT),
    f"{STANDS}Only a version on its way can be sent back.",
)
APPROVE = Step(
    "approve",
    "chair, business manager",
    each_to({CHECKED}, APPROVED),
    f"{STANDS}A second person checks it before it is approved.",
)
PUBLISH = Step(
    "publish", "review officer", each_to({APPROVED}, PUBLISHED), f"{STANDS}Only an approved version can be published."
)
SUPERSEDE = Step(
    "give way to the next version", "by itself", each_to({PUBLISHED}, SUPERSEDED), f"{STANDS}It is not what is out."
)
RECALL = Step(
    "recall",
    "review officer, or by itself under an embargo",
    each_to({PUBLISHED}, WITHDRAWN),
    "Nothing of this briefing is out, so there is nothing to recall.",
)
DISCARD = Step(
    "throw away",
    "writer",
    each_to(OPEN_STATES),
    f"{STANDS}What has been out stays in the history. Recall it instead.",
)

LIFE = Life(begins=frozenset({DRAFT}), steps=(WRITE, ASK, CHECK, RETURN, APPROVE, PUBLISH, SUPERSEDE, RECALL, DISCARD))
