"""The pages of Help beside the first: how offers of places work, and one page for each role."""

from dataclasses import dataclass

from lms.kit.errors import NotFound

NO_SUCH_GUIDE = "We cannot find that Help page. Choose one on the Help page."
PICTURE_SIZE = (720, 540)
"""Width and height of every picture: `bin/help_pictures.py` takes them from the demonstration."""


@dataclass(frozen=True)
class Picture:
    """A page of the site as it looks; `alt` says to those who do not see it what is there to learn."""

    name: str
    alt: str

    @property
    def file(self) -> str:
        return f"help/{self.name}.webp"


@dataclass(frozen=True)
class Guide:
    """One page of Help. `needs` are the plugins without which it has nothing to say."""

    name: str
    title: str
    summary: str
    pictures: tuple[Picture, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def template(self) -> str:
        return f"partnership/guides/{self.name.replace('-', '_')}.html"

    def picture(self, name: str) -> Picture:
        """Raises StopIteration for a picture that this page does not have."""
        return next(each for each in self.pictures if each.name == name)


GUIDES = (
    Guide(
        "practitioner",
        "Booking and attending training",
        "For practitioners: find a course, book, change your plans, and keep your record.",
        (
            Picture(
                "search",
                "The page “Courses and events” after a search for neglect: courses that match, with their next dates "
                "and a button to book.",
            ),
            Picture(
                "my-learning",
                "The page “My learning”: bookings that are coming up, each with links to cancel it, move it, give it "
                "away or change what you need.",
            ),
        ),
    ),
    Guide(
        "offers",
        "How waiting lists and offers work",
        "What happens when an event is full, how long we hold a place, and what happens if you do not answer.",
        (
            Picture(
                "offer",
                "The page behind the link in an offer: it says until when the place is held, and asks “Do you want the "
                "place?”, yes or no.",
            ),
        ),
    ),
    Guide(
        "manager",
        "Line managers",
        "For line managers: agree to training, name a colleague, and tell us what changed. You do not need an account.",
        (
            Picture(
                "manager",
                "The page behind the link in a line manager’s email: one person’s booking, with buttons to name a "
                "colleague or say that they cannot come.",
            ),
        ),
    ),
    Guide(
        "agency-lead",
        "Agency leads",
        "For agency leads: see who needs which training, book for your team, and answer for your agency.",
        (
            Picture(
                "team",
                "The page “Who needs which training”: each required course with how many people need it, are up to "
                "date, due, overdue or have never attended.",
            ),
        ),
    ),
    Guide(
        "trainer",
        "Trainers",
        "For trainers: see who is coming, keep the register, share materials and read your evaluations.",
        (
            Picture(
                "trainer",
                "The page “My events”: events that the trainer runs, soonest first, with places booked and a link to "
                "each register.",
            ),
        ),
    ),
    Guide(
        "coordinator",
        "Coordinators",
        "For the training team: plan events, look after bookings, finalise registers and work through what is waiting.",
        (
            Picture(
                "week",
                "The page of one week: boxes that count what is waiting, such as registers to finalise and events with "
                "low numbers.",
            ),
        ),
    ),
    Guide(
        "chair",
        "Chair and members of the sub-group",
        "For the learning and development sub-group: read figures, reports and impact, and approve briefings.",
        (
            Picture(
                "glance",
                "The page “The year at a glance”: figures of this year so far, each next to the figure of last year.",
            ),
        ),
    ),
    Guide(
        "review-officer",
        "Review officers",
        "For review officers: record reviews, agree learning points, follow actions and write briefings.",
        (
            Picture(
                "reviews",
                "The page “Reviews”: links to learning points, themes and the action plan, a button to add a review, "
                "and filters by type, publication and theme.",
            ),
        ),
        needs=("reviews",),
    ),
    Guide(
        "business-manager",
        "Business managers and administrators",
        "For business managers: set the policy, decide appeals and requests, give roles and keep records safe.",
        (
            Picture(
                "settings",
                "The page “Settings”: links to the partnership’s details, the policy, agencies, imports, tokens and "
                "retention.",
            ),
        ),
    ),
)


def guide_called(name: str) -> Guide:
    """Raises NotFound for a page that there is not."""
    for guide in GUIDES:
        if guide.name == name:
            return guide
    raise NotFound(NO_SUCH_GUIDE)
