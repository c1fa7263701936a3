"""How stages read to an agency lead."""

from surveys.invitations.rules import Stage

STAGE_WORDS = {Stage.ON_THE_DAY: "On-the-day evaluation", Stage.IMPACT: "3-month survey"}
