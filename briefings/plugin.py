"""What briefings add to the site: read this first."""

from briefings.distribution import plugin as distribution
from briefings.recalling import models as _recalls
from briefings.writing import models as _versions
from lms.plugins import Plugin

TABLES = (_versions.BriefingVersion, _recalls.BriefingRecall)

PLUGIN = Plugin(name="briefings", title="7-minute briefings", requires=("courses",), mailing_lists=(distribution.LIST,))
