"""The house starts, answers and refuses."""

from flask.testing import FlaskClient


def test_health_answers_when_the_database_does(client: FlaskClient) -> None:
    assert client.get("/health").status_code == 200


def test_an_unknown_address_is_a_page_without_a_trace(client: FlaskClient) -> None:
    answer = client.get("/nope")
    assert answer.status_code == 404
    assert "Page not found" in answer.text
    assert "Traceback" not in answer.text
