"""What surveys add to the site: read this first."""

from lms.plugins import Plugin

PLUGIN = Plugin(name="surveys", title="Surveys and impact", requires=("courses",))
