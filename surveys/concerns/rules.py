"""What became of words that may tell of a child at risk. Pure."""

from enum import StrEnum


class ConcernState(StrEnum):
    """What became of words that may tell of a child at risk."""

    NEW = "new"
    ACTED = "acted"
    NO_ACTION = "no_action"


CONCERN_WORDS = {
    ConcernState.NEW: "New",
    ConcernState.ACTED: "Acted on",
    ConcernState.NO_ACTION: "Nothing to be done",
}
