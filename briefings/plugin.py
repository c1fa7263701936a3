"""What briefings add to the site: read this first."""

from lms.plugins import Plugin

PLUGIN = Plugin(name="briefings", title="7-minute briefings", requires=("courses",))
