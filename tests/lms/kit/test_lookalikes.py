"""Domains that could be taken for an agency's."""

import pytest

from lms.kit.lookalikes import imitated, punycode, spelt_out

KNOWN = ["rvch.example", "rowanvalley.gov.example", "ashbeck-families.example"]


@pytest.mark.parametrize(
    ("domain", "whose"),
    [
        ("rоwanvalley.gov.example", "rowanvalley.gov.example"),  # a Cyrillic о
        ("rowanvaIley.gov.example".lower(), "rowanvalley.gov.example"),
        ("rowanvalley.gov.example.evil.example", "rowanvalley.gov.example"),
        ("rowanvalley-gov-example.evil.example", "rowanvalley.gov.example"),
        ("rowanval1ey.gov.example", "rowanvalley.gov.example"),
        ("rowanvaley.gov.example", "rowanvalley.gov.example"),
        ("rowanvalleyy.gov.example", "rowanvalley.gov.example"),
        ("rowanvallye.gov.example", "rowanvalley.gov.example"),
        ("rówanvalley.gov.example", "rowanvalley.gov.example"),
        ("ashbeckfamilies.example", "ashbeck-families.example"),
        ("rvcһ.example", "rvch.example"),
        ("my-rvch.example", "rvch.example"),
        ("rvch.example", ""),
        ("sub.rvch.example", ""),
        ("rowanvalley.gov.example", ""),
        ("larkhamschool.example", ""),
        ("gmail.example", ""),
    ],
)
def test_a_domain_that_could_be_taken_for_an_agencys_is_recognised(domain: str, whose: str) -> None:
    assert imitated(domain, KNOWN) == whose


def test_an_address_beyond_plain_letters_is_spelt_as_the_wire_has_it() -> None:
    assert punycode("ann@rvch.example") == ""
    assert spelt_out("ann@rvch.example") == "ann@rvch.example"
    assert spelt_out("ann@rоwan.example") == "ann@rоwan.example [ann@xn--rwan-55d.example]"
    assert "xn--" in punycode("ann@tŷ-gwyn.example")
    assert punycode("ann@" + "ё" * 70 + ".example").isascii()
