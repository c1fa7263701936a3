"""Questions that lower code asks and something above it answers: the way up for what facts cannot carry. Pure."""

from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


class Question(Generic[T_co]):
    """A frozen dataclass of plain values, asked by `work.ask(question)`. A plugin's `Answer` says who knows."""

    def unanswered(self) -> T_co:
        """What is taken when no plugin answers. Without it the question needs an answer."""
        raise LookupError(f"No plugin answers {type(self).__name__}.")
