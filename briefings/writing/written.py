"""What is written of a version, between its form and the service that keeps it."""

from dataclasses import dataclass

from briefings.writing.rules import Part


@dataclass(frozen=True)
class VersionWritten:
    """`edition` is the one that the writer had before them: a later one was written by somebody else meanwhile."""

    title: str
    parts: tuple[Part, ...]
    summary: str = ""
    questions: tuple[str, ...] = ()
    point_ids: tuple[int, ...] = ()
    is_public: bool = True
    correction: str = ""
    edition: int = 1
