"""How responses and colours read on screens."""

from reviews.actions.rules import Rag, Response

RESPONSES = {
    Response.CONSIDERED: "Under consideration",
    Response.ACCEPTED: "Accepted",
    Response.NOT_ACCEPTED: "Not accepted",
}
RAG_TAGS = {Rag.RED: "red", Rag.AMBER: "orange", Rag.GREEN: "green"}
