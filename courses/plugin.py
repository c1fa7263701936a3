"""What courses add to the site: read this first."""

from lms.plugins import Plugin

PLUGIN = Plugin(name="courses", title="Courses and events")
