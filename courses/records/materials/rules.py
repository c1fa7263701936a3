"""What can be kept as materials of an event. Pure."""

from lms.kit.errors import Conflict, Invalid
from lms.kit.words import file_name

BEGINS = {
    "pdf": b"%PDF-",
    "pptx": b"PK\x03\x04",
    "docx": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04",
    "png": b"\x89PNG\r\n",
    "jpg": b"\xff\xd8\xff",
}
"""Kinds of file, with what each begins with: nothing that a browser would run."""
MOST_BYTES = 15 * 1024 * 1024
MOST_FILES = 12
KINDS_WORDS = "PDF, PowerPoint (.pptx), Word (.docx), Excel (.xlsx), PNG or JPG"


def kept_name(name: str, data: bytes, title: str) -> str:
    """The name under which a file is kept and sent. Raises Invalid for what cannot be kept."""
    _, dot, end = name.rpartition(".")
    kind = end.lower().replace("jpeg", "jpg")
    if not dot or kind not in BEGINS:
        raise Invalid(f"Choose one of these kinds of file: {KINDS_WORDS}.", field="file")
    if not data.startswith(BEGINS[kind]):
        raise Invalid(f"This is not a .{kind} file, whatever its name says. Save it again and choose it.", field="file")
    if len(data) > MOST_BYTES:
        raise Invalid("The file is larger than 15 MB. Save it with smaller pictures, or as a PDF.", field="file")
    return f"{file_name(title) or 'material'}.{kind}"


def check_room_for_more(files: int) -> None:
    """Refuse in words what would be one file too many."""
    if files >= MOST_FILES:
        raise Conflict(f"There are {MOST_FILES} files already. Take one away first.")


def size_words(size: int) -> str:
    """340 KB, 2.4 MB."""
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, round(size / 1024))} KB"
