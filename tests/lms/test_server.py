"""What the web server writes down: what was asked for, never by whom."""

from types import SimpleNamespace

from gunicorn.config import Config

from lms.commands.access_log import LINE, AccessLog


def test_the_log_has_no_address_no_query_and_no_secret() -> None:
    logger = AccessLog(Config())
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": "/calendar/q8Zk3vJw1xT6yB0nM5sD.ics?person=amara",
        "PATH_INFO": "/calendar/q8Zk3vJw1xT6yB0nM5sD.ics",
        "QUERY_STRING": "person=amara",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "203.0.113.9",
    }
    took = SimpleNamespace(seconds=0, microseconds=2000)
    response = SimpleNamespace(status="200 OK", sent=512, headers=[("X-Request-ID", "abc-123-def")])
    line = LINE % logger.atoms(response, SimpleNamespace(headers=[]), environ, took)
    assert line.endswith("GET /calendar/....ics 200 512 bytes 2 ms abc-123-def")
    assert "amara" not in line
    assert "203.0.113.9" not in line
