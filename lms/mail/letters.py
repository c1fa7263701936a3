"""What a service hands to `work.send`, under the name that plugins know it by; `lms.kit.letters` says what it is."""

from lms.kit.letters import CalendarPart, Copy, ForMany, Letter

__all__ = ["CalendarPart", "Copy", "ForMany", "Letter"]
