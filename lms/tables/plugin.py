"""What CSV files add to the site."""

from datetime import time

from lms.frame.access import Role
from lms.frame.plugins import Job, MenuGroup, MenuItem, Permission, Plugin, Setting
from lms.tables.api import OPERATIONS, TAKE
from lms.tables.exports import EXPORTS
from lms.tables.personal_data import PERSONAL_DATA
from lms.tables.sending.rules import read_destination, read_kinds
from lms.tables.sending.services import HOSTS, KEY, KINDS, TO, send_tables
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
    settings=(
        Setting(
            TO,
            "where tables go each night: file:///srv/exports or sftp://account@files.council.example/incoming",
            None,
            read_destination,
        ),
        Setting(KINDS, "which tables go each night, with commas between: certificates,invoices", (), read_kinds),
        Setting(KEY, "the file of the private key for SFTP", "", str),
        Setting(HOSTS, "the file with the keys of known hosts for SFTP", "", str),
    ),
    jobs=(
        Job(
            name="tables.send",
            words="Send the tables that the settings name to their folder or SFTP address",
            run=send_tables,
            daily_at=time(4, 30),
        ),
        Job(
            name="tables.forget_uploads",
            words="Throw away files that were looked at a day ago and not imported",
            run=forget_old_uploads,
            daily_at=time(3, 30),
        ),
    ),
    personal_data=PERSONAL_DATA,
)
