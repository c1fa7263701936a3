"""What keeping the database free of contradictions adds to the site."""

from lms.contradictions import checks
from lms.frame.plugins import Check, Plugin

PLUGIN = Plugin(
    name="contradictions",
    title="Contradictions",
    checks=(
        Check(
            "contradictions.constraints",
            "the database keeps every constraint",
            checks.constraints_missing,
        ),
        Check("contradictions.triggers", "the database keeps what stays as it is", checks.triggers_missing),
        Check("contradictions.rows", "no row contradicts a rule between tables", checks.rows_against_rules),
        Check("contradictions.types", "every value is of the type of its column", checks.values_of_another_type),
    ),
)
