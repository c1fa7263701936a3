"""The plugins that `wsgi.py` hosts, for tests that make the application themselves."""

from briefings.plugin import PLUGIN as BRIEFINGS
from charges.plugin import PLUGIN as CHARGES
from courses.plugin import PLUGIN as COURSES
from lms.frame.plugins import Plugin
from reviews.plugin import PLUGIN as REVIEWS
from surveys.plugin import PLUGIN as SURVEYS

BUILT_IN: tuple[Plugin, ...] = (REVIEWS, COURSES, CHARGES, SURVEYS, BRIEFINGS)
