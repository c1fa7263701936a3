"""What coverage adds to the courses plugin: which learning from reviews a course covers, and whom it reached."""

from courses.coverage import listeners
from courses.coverage.checks import links_out_of_step
from courses.coverage.demonstration import load
from courses.coverage.matrix.views import bp as matrix
from courses.coverage.queries import learned_sentences, taught_in
from courses.coverage.reach.views import covered_step, delivered_step, reached_step
from courses.coverage.sections import SECTIONS
from courses.coverage.tables import IMPORT
from courses.coverage.views import bp as coverage
from courses.coverage.views import course_panel, desk_panel
from courses.facts import CourseRevisionBegun, CourseStatusChanged
from courses.permissions import COVERAGE_PERMISSIONS
from courses.questions import LearnedIn, TaughtIn
from lms.frame.plugins import Answer, Check, Demonstration, Listener, MenuGroup, MenuItem, Panel, Plugin, Written
from reviews.facts import EmbargoLifted, LearningPointAgreed, LearningPointChanged
from reviews.learning.panels import PLACE as THREAD

COVERAGE = Plugin(
    name="courses",
    title="Coverage",
    blueprints=(coverage, matrix),
    permissions=COVERAGE_PERMISSIONS,
    menu=(MenuItem("Coverage", "matrix.coverage", "courses.read_coverage", 51, group=MenuGroup.LEARNING),),
    listeners=(
        Listener(CourseRevisionBegun, listeners.carry_coverage_on),
        Listener(CourseStatusChanged, listeners.follow_course),
        Listener(LearningPointAgreed, listeners.review_after_agreement),
        Listener(LearningPointChanged, listeners.review_after_change),
        Listener(EmbargoLifted, listeners.take_up_what_was_embargoed),
    ),
    answers=(
        Answer(LearnedIn, learned_sentences),
        Answer(TaughtIn, taught_in),
    ),
    panels=(
        Panel("courses.course", course_panel),
        Panel("courses.manage_course", desk_panel),
        Panel(THREAD, covered_step),
        Panel(THREAD, delivered_step),
        Panel(THREAD, reached_step),
    ),
    report_sections=SECTIONS,
    imports=(IMPORT,),
    checks=(
        Check("courses.coverage", "Learning points are linked to the live courses that cover them", links_out_of_step),
    ),
    demonstrations=(Demonstration(load, 65),),
    written=(Written("course_coverage", "what courses cover", ("place",)),),
)
