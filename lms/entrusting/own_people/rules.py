"""What a lead says of one of their own people. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WorkSaid:
    """What somebody does, and who manages them."""

    job_title: str
    role_group_id: int | None
    manager_name: str
    manager_email: str
