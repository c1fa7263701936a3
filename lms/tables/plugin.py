"""What CSV files add to the site."""

from datetime import time

from lms.frame.access import Role
from lms.frame.plugins import Job, MenuGroup, MenuItem, Permission, Plugin
from lms.tables.api import OPERATIONS, TAKE
from lms.tables.exports import EXPORTS
from lms.tables.personal_data import PERSONAL_DATA
from lms.tables.services import forget_old_uploads
from lms.tables.views import bp

PLUGIN = Plugin(
    name="tables",
    title="Imports and exports",
    blueprints=(bp,),
    permissions=(
        Permission(
            name="tables.import",
            words="bring CSV files in and write them out",
            roles=frozenset({Role.COORDINATOR, Role.BUSINESS_MANAGER}),
        ),
        Permission(
            name="tables.export",
            words="take the tables along that they may see",
            roles=frozenset(Role) - {Role.DELEGATE, Role.TRAINER},
            is_for_people=True,
        ),
        Permission(
            name=TAKE,
            words="have another system take along the tables that they may see, where its token was given that",
            roles=frozenset(Role) - {Role.DELEGATE, Role.TRAINER},
        ),
    ),
    operations=OPERATIONS,
    menu=(MenuItem("Downloads", "tables.downloads", "tables.export", 96, group=MenuGroup.RESULTS),),
    exports=EXPORTS,
    jobs=(
        Job(
            name="tables.forget_uploads",
            words="Throw away files that were looked at a day ago and not imported",
            run=forget_old_uploads,
            daily_at=time(3, 30),
        ),
    ),
    personal_data=PERSONAL_DATA,
)
