"""Which tests one process runs when several share the work."""

from xdist.scheduler import LoadScopeScheduling

WALKING = ("tests/house/test_", "tests/lms/frame/test_demonstration")
OF_THEIR_OWN = "test_forms"
ON_BOTH = "test_names"


class BySharedWorld(LoadScopeScheduling):
    """A file goes to one process; the house tests go by the kind of database on which their partnership lives."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        if OF_THEIR_OWN in file:
            return nodeid  # each has a small partnership of its own
        if ON_BOTH in file:
            return file  # what one finds on SQLite, the other tries on PostgreSQL
        if file.startswith(WALKING):
            return "partnership on PostgreSQL" if "postgresql" in test else "partnership on SQLite"
        return file
