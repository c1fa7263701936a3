"""What registering tells others, inside the transaction in which it happens."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RegistrationTaken:
    """A registration is about to be accepted. Nothing is locked yet: who locks something for it does so now."""

    registration_id: int
    address: str


@dataclass(frozen=True)
class RegistrationAccepted:
    """The office agreed: this address is that person's from now on."""

    registration_id: int
    address: str
    person_id: int


@dataclass(frozen=True)
class RegistrationRefused:
    """The office does not know them."""

    registration_id: int
    address: str
