"""Documents for every name: shaped, inside their boxes, tagged, and never markup; or the letter is named."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import pairwise

import pytest
import typst
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import ContentStream

from courses.records.certificates.documents import certificate_pdf
from courses.records.certificates.models import Certificate
from courses.records.certificates.rules import CertificateState
from lms.frame.settings import ROOT
from lms.kit.chart_drawings import drawn
from lms.kit.charts import Bar, Bars
from lms.kit.documents import HEADING, Document, numbers_to_circle, table, tick_boxes, together, words
from lms.kit.typesetting.glyphs import (
    FONTS,
    HOLDS,
    SIGNS_OF_PAGES,
    families,
    is_held,
    lacking,
    lacking_on,
    not_printed,
    printed,
)
from tests.hostile import HARMLESS_NAMES, HOSTILE_NAMES

OWNER = "Rowan Valley Safeguarding Children Partnership"
NAMES = {
    "Arabic": "فاطمة الزهراء",
    "Urdu": "ڈاکٹر نگہت چوہدری",
    "Persian": "پرویز ژاله گلی",
    "Hebrew": "דוד בן־גוריון",
    "Yiddish": "לייבל פֿרידמאַן",
    "Chinese": "王小明",
    "Cantonese": "陳美玲",
    "Korean": "김민수",
    "Japanese": "さくら タナカ",
    "Bengali": "ফাতেমা বেগম",
    "Hindi": "आरती शर्मा",
    "Gujarati": "જયેશ પટેલ",
    "Punjabi": "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
    "Odia": "ସୁମିତ୍ରା",
    "Tamil": "முத்துலட்சுமி",
    "Telugu": "శ్రీనివాస్",
    "Kannada": "ಲಕ್ಷ್ಮಿ",
    "Malayalam": "ശ്രീകുമാർ",
    "Sinhala": "ශ්‍රීමාලි",
    "Thai": "สมชาย",
    "Lao": "ສົມພອນ",
    "Khmer": "សុភា",
    "Burmese": "အောင်စန်း",
    "Amharic": "አበበ በቀለ",
    "Georgian": "გიორგი",
    "Armenian": "Արամ Խաչատրյան",
    "Vietnamese": "Nguyễn Thị Hồng Ánh",
    "Polish": "Łukasz Żółć-Świątek",
    "Romanian": "Ștefan Țurcanu",
    "Welsh": "Siân Tŷ Gŵyn",
    "Yoruba": "Olúwaṣẹ́gun Àdébáyọ̀",
    "Greek": "Γιώργος Παπαδόπουλος",
    "Ukrainian": "Олександр Їжакевич",
    "Somali": "Cabdullaahi Xasan",
    "Icelandic": "Þórður Æðarson",
}


def made(name: str, **other: object) -> Certificate:
    """A certificate that nobody keeps."""
    values = {"serial": "RV-12345-X", "name": name, "title": "Neglect: seeing it early", "version": 3, "level": "3",
              "dates": "Tue 3 Mar 2026, 09:30 to 16:00", "last_day_on": date(2026, 3, 3), "cpd_minutes": 390,
              "outcomes": ["Name four kinds of neglect"], "state": CertificateState.VALID,
              "issued_at": datetime(2026, 3, 5, 12, tzinfo=UTC)}  # fmt: skip
    return Certificate(**{**values, **other})


def sheet(name: str, owner: str = OWNER, **other: object) -> bytes:
    code = "https://training.example/verify/RV-12345-X"
    return certificate_pdf(made(name, **other), owner, typed="training.example/verify", code=code)


def letters_in(data: bytes) -> set[str]:
    return set("".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages))


def glyphs(data: bytes) -> Iterator[int]:
    """The number of every glyph that is drawn; 0 is the box of a letter that its font does not hold."""
    reader = PdfReader(BytesIO(data))
    for page in reader.pages:
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator in (b"Tj", b"TJ"):
                said = operands[0] if operator == b"TJ" else operands
                for part in said:
                    if hasattr(part, "original_bytes"):
                        raw = part.original_bytes
                        yield from (int.from_bytes(raw[place : place + 2]) for place in range(0, len(raw), 2))


def test_the_table_says_what_the_fonts_hold() -> None:
    held = {line.split("\t")[0]: line.split("\t")[1] for line in HOLDS.read_text("ascii").splitlines()}
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    assert sorted(held) == sorted(fonts.families())
    for path in [*FONTS.glob("*.ttf"), *FONTS.glob("*.otf")]:
        font = TTFont(path)
        ranges = [each.partition("-") for each in held[font["name"].getDebugName(1)].split()]
        letters = {one for low, _, high in ranges for one in range(int(low, 16), int(high or low, 16) + 1)}
        assert letters == set(font.getBestCmap()), path.name
    assert families()[0] == "Noto Sans", "Latin letters, figures and signs are looked for first in this"


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_of_any_script_stands_on_its_certificate(name: str) -> None:
    assert lacking([name]) == ()
    data = sheet(name)
    assert set(name) - {"\u200d"} <= letters_in(data)
    assert 0 not in set(glyphs(data))
    assert len(PdfReader(BytesIO(data)).pages) == 1


def test_what_no_font_holds_is_an_empty_box_in_a_document_that_is_made_and_says_so() -> None:
    assert lacking(["Ana ᎠᎠ", "Bo 🙂"]) == ("Ꭰ", "🙂")
    document = Document("Names", OWNER, as_at="As at Monday 16 March 2026")
    document.add(table(["Name"], [["Ana Ꭰ"]], widths=[1]))
    for data in (sheet("Ana Ꭰ"), document.data()):
        text = " ".join(PdfReader(BytesIO(data)).pages[0].extract_text().split())
        assert "Ana □" in text
        assert "□ stands for what cannot be printed here: Cherokee letter a." in text
        assert 0 not in set(glyphs(data))
    assert "□" not in letters_in(sheet("Ana"))


def test_a_page_that_leads_to_a_document_says_which_letters_that_lacks_and_no_other_page_does() -> None:
    link = '<a href="/certificates/RV-1.pdf">Download as PDF</a>'
    assert not_printed(lacking_on(f"<h1>Siân Ꭰ O’Dowd</h1> {link} ✓")) == (
        "“Ꭰ” (Cherokee letter a) cannot be printed: in a PDF from here □ stands instead. All else is printed."
    )
    assert not_printed(["\ue000", *"ᎠᎡᎢᎣᎤᎥ"]).startswith("“\ue000” (U+E000), “Ꭰ”")
    assert "and 2 other letters cannot be printed" in not_printed(["\ue000", *"ᎠᎡᎢᎣᎤᎥ"])
    assert lacking_on("<h1>Siân Ꭰ</h1>") == lacking_on(f"<h1>فاطمة O’Dowd</h1> {link}") == ()


def test_templates_have_no_signs_of_their_own_that_would_be_taken_for_a_name() -> None:
    templates = (ROOT / "templates").rglob("*.html")
    assert set(lacking(each.read_text("utf-8") for each in templates)) <= SIGNS_OF_PAGES


@pytest.mark.parametrize("typed", ["#strong[x]", "*x* _y_", "$x^2$", "= Head", "\\ // ~", "<b>x</b>", "]]#panic()"])
def test_nothing_in_a_name_is_markup(typed: str) -> None:
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(sheet(typed))).pages)
    assert typed.replace("// ~", "").strip() in text


def test_odd_and_hostile_names_make_a_document_all_the_same() -> None:
    names = [each[:300] for each in (*HARMLESS_NAMES, *HOSTILE_NAMES)]
    document = Document("Names", OWNER, as_at="As at Monday 16 March 2026")
    document.add(table(["Name"], [[each] for each in names], widths=[1]))
    data = document.data()
    assert 0 not in set(glyphs(data))
    assert "\u202e" not in letters_in(data)
    assert printed("A\u202enna\x00\ud800") == "Anna□"


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_written_makes_a_document(text: str) -> None:
    document = Document(text or "x", text, as_at=text)
    document.add(words(text, HEADING), table([text], [[text]], widths=[1]))
    assert 0 not in set(glyphs(document.data()))
    assert all(is_held(each) for each in printed(text))


def test_long_names_heads_and_addresses_stay_inside_and_on_one_page() -> None:
    data = sheet("W" * 200, owner="Safeguarding " * 30, title="X" * 200, outcomes=["An outcome " * 20] * 12)
    (page,) = PdfReader(BytesIO(data)).pages
    lines = page.extract_text().replace("\u200b", "").splitlines()
    assert all(len(line) < 90 for line in lines if set(line.strip()) in ({"W"}, {"X"}))
    assert sum(line.count("W") for line in lines if set(line.strip()) == {"W"}) == 200
    document = Document("T" * 300, "Partnership" * 40, as_at="As at Monday", is_wide=True)
    document.add(table(["Name", "Agency"], [["N" * 200, "Of " * 90]], widths=[1, 9]))
    lines = PdfReader(BytesIO(document.data())).pages[0].extract_text().splitlines()
    assert all(line.count("N") < 20 for line in lines)


def test_no_word_of_a_head_is_broken_and_a_title_that_asks_ends_as_it_is() -> None:
    made = Document("Did practice change?", OWNER, as_at="As at Monday 16 March 2026")
    heads = ["Practice", "Matched", "Said before", "Looking back", "3 months", "Change", "95% interval", "In words"]
    row = ["I check what I am told", "61", "5.6", "4.8", "7.1", "+1.4", "−1.1 to −0.6", "Less"]
    made.add(table(heads, [row], widths=[6, 0.6, 0.6, 1, 1, 1, 2, 4]))
    told = PdfReader(BytesIO(made.data())).pages[0].extract_text()
    assert "Matched" in told
    assert "Did practice change? As at Monday" in told


def test_a_document_is_tagged_says_its_language_and_is_the_same_twice() -> None:
    def data() -> bytes:
        document = Document("Figures", OWNER, as_at="As at Monday 16 March 2026")
        chart = Bars("b", "By sector", "Sector", "People", (Bar("Police", 79, "79"), Bar("Health", None, "hidden")))
        document.add(words("By sector", HEADING), *drawn(chart), table(["Sector"], [["Police"]], widths=[1]))
        document.add(together(tick_boxes(["Yes", "No"]), numbers_to_circle(10)))
        return document.data()

    root = PdfReader(BytesIO(data())).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert (root["/Lang"], root["/ViewerPreferences"]["/DisplayDocTitle"].value) == ("en-GB", True)
    found = [(kind, alt) for kind, alt in tags(root["/StructTreeRoot"]) if kind in {"/H1", "/H2", "/Figure", "/TH"}]
    assert found == [("/H1", ""), ("/H2", ""), ("/Figure", "Police 79; Health hidden"), ("/TH", "")]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert data() == data()


def tags(element: object) -> Iterator[tuple[str, str]]:
    """Kind and alternative text of everything in the order of reading."""
    for each in element if isinstance(element, list) else [element]:
        found = each.get_object() if hasattr(each, "get_object") else each
        if isinstance(found, dict):
            if "/S" in found:
                yield str(found["/S"]), str(found.get("/Alt", ""))
            yield from tags(found.get("/K", []))


def test_headings_of_a_certificate_go_down_one_by_one() -> None:
    levels = [int(kind[2:]) for kind, _ in tags(PdfReader(BytesIO(sheet("Ana"))).trailer["/Root"]["/StructTreeRoot"])
              if kind[:2] == "/H" and kind[2:].isdigit()]  # fmt: skip
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
