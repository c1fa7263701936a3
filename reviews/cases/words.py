"""How the kinds of reviews read on screens."""

from reviews.cases.rules import AgeBand, ClockState, Decision, Ethnicity, Publication, ReviewStage, ReviewType

TYPES = {
    ReviewType.SCR: "Serious case review",
    ReviewType.LCSPR: "Local child safeguarding practice review",
    ReviewType.RAPID_REVIEW: "Rapid review",
    ReviewType.LEARNING_LESSONS: "Learning lessons review",
    ReviewType.DHR: "Domestic homicide review",
    ReviewType.SAR: "Safeguarding adults review",
    ReviewType.MULTI_AGENCY_AUDIT: "Multi-agency audit",
    ReviewType.THEMATIC: "Thematic review",
    ReviewType.OTHER: "Other learning",
}
STAGES = {
    ReviewStage.NOTED: "Noted",
    ReviewStage.RAPID_REVIEW: "Rapid review",
    ReviewStage.DECISION: "Decision",
    ReviewStage.UNDER_WAY: "Under way",
    ReviewStage.DRAFT: "Draft report",
    ReviewStage.AWAITING_APPROVAL: "Awaiting approval",
    ReviewStage.APPROVED: "Approved",
    ReviewStage.PUBLISHED: "Published",
    ReviewStage.NOT_PUBLISHED: "Closed, not published",
}
DECISIONS = {
    Decision.NO_FURTHER: "No further review",
    Decision.LOCAL: "Local review",
    Decision.NATIONAL: "National review",
    Decision.OTHER: "Other learning",
}
PUBLICATIONS = {
    Publication.FULL: "Published in full",
    Publication.PART: "Published in part",
    Publication.EMBARGOED: "Embargoed",
    Publication.IN_PROGRESS: "In progress",
    Publication.NONE: "Not published",
}
AGE_BANDS = {
    AgeBand.UNBORN: "Unborn",
    AgeBand.UNDER_1: "Under 1",
    AgeBand.FROM_1_TO_4: "1 to 4",
    AgeBand.FROM_5_TO_10: "5 to 10",
    AgeBand.FROM_11_TO_15: "11 to 15",
    AgeBand.FROM_16_TO_17: "16 to 17",
}
ETHNICITIES = {
    Ethnicity.ASIAN: "Asian",
    Ethnicity.BLACK: "Black",
    Ethnicity.MIXED: "Mixed",
    Ethnicity.WHITE: "White",
    Ethnicity.OTHER: "Other",
}
CLOCK_TAGS = {
    ClockState.RUNNING: ("Running", ""),
    ClockState.MET: ("In time", "green"),
    ClockState.EXCEEDED: ("Exceeded", "red"),
}
