"""The application and the plugins it hosts."""

import os

from briefings.plugin import PLUGIN as BRIEFINGS
from charges.plugin import PLUGIN as CHARGES
from courses.plugin import PLUGIN as COURSES
from lms.frame.app import create_app
from lms.frame.settings import SettingsError, read_settings
from lms.frame.site import SiteError
from reviews.plugin import PLUGIN as REVIEWS
from surveys.plugin import PLUGIN as SURVEYS

try:
    application = create_app(read_settings(os.environ), [REVIEWS, COURSES, CHARGES, SURVEYS, BRIEFINGS])
except (SettingsError, SiteError) as wrong:
    raise SystemExit(f"Golden Thread cannot start.\n{wrong}") from wrong
