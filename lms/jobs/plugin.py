"""What jobs adds to the site."""

from lms.plugins import Plugin

PLUGIN = Plugin(name="jobs", title="Jobs")
