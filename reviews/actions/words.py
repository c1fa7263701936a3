"""How responses and colours read on screens."""

from reviews.actions.rules import ActionRag, Response

RESPONSES = {
    Response.CONSIDERED: "Under consideration",
    Response.ACCEPTED: "Accepted",
    Response.NOT_ACCEPTED: "Not accepted",
}
RAG_TAGS = {ActionRag.RED: "red", ActionRag.AMBER: "orange", ActionRag.GREEN: "green"}
