"""Words that may tell who somebody is: likely names, births, ages, NHS numbers; and words that tell of harm. Pure.

Rules of thumb in the house's own hands, nothing is sent anywhere. They point out more than they must: a person who is
asked twice loses a minute, a child who is named in a report cannot be un-named.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class IdentifierKind(StrEnum):
    """What some words may be."""

    NAME = "name"
    BIRTH = "birth"  # a date of birth
    DATE = "date"  # a full date of anything
    AGE = "age"
    NHS_NUMBER = "nhs_number"
    POSTCODE = "postcode"
    DISCLOSURE = "disclosure"  # somebody tells of harm, or of worry for a child


KIND_WORDS = {
    IdentifierKind.NAME: "a likely name",
    IdentifierKind.BIRTH: "a date of birth",
    IdentifierKind.DATE: "a date",
    IdentifierKind.AGE: "an age",
    IdentifierKind.NHS_NUMBER: "an NHS number",
    IdentifierKind.POSTCODE: "a postcode",
    IdentifierKind.DISCLOSURE: "words that may tell of a child at risk",
}
IDENTIFIES = frozenset({IdentifierKind.NAME, IdentifierKind.BIRTH, IdentifierKind.NHS_NUMBER, IdentifierKind.POSTCODE})
"""What keeps free text out of reports until somebody has read it. An age or a date alone tells of nobody."""


@dataclass(frozen=True)
class Finding:
    """`words` are what stands at `text[start:end]`."""

    kind: IdentifierKind
    start: int
    end: int
    words: str


def find(text: str) -> tuple[Finding, ...]:
    """Everything in a text that may tell who somebody is, in order; what overlaps is told once, the graver first."""
    found: list[Finding] = []
    for finding in _all(text):
        if not any(finding.start < each.end and each.start < finding.end for each in found):
            found.append(finding)
    return tuple(sorted(found, key=lambda each: (each.start, each.end)))


def kinds_in(text: str) -> frozenset[IdentifierKind]:
    """The kinds that a text holds."""
    return frozenset(each.kind for each in find(text))


def blacked_out(text: str, *, cover: str = "[removed]") -> str:
    """The text without what identifies: each finding of that kind is covered."""
    parts, at = [], 0
    for each in find(text):
        if each.kind in IDENTIFIES:
            parts += [text[at : each.start], cover]
            at = each.end
    return "".join([*parts, text[at:]])


def _all(text: str) -> Iterator[Finding]:
    yield from _matches(IdentifierKind.DISCLOSURE, DISCLOSURE, text)
    for each in _matches(IdentifierKind.NHS_NUMBER, TEN_DIGITS, text):
        if is_nhs_number(each.words):
            yield each
    yield from _matches(IdentifierKind.BIRTH, BIRTH, text)
    yield from _matches(IdentifierKind.DATE, DATE, text)
    yield from _matches(IdentifierKind.POSTCODE, POSTCODE, text)
    yield from _matches(IdentifierKind.AGE, AGE, text)
    yield from _names(text)


def _matches(kind: IdentifierKind, pattern: re.Pattern[str], text: str) -> Iterator[Finding]:
    for match in pattern.finditer(text):
        yield Finding(kind, match.start(), match.end(), match.group())


def is_nhs_number(words: str) -> bool:
    """Ten digits whose last one checks the nine before it (modulus 11), and are not all the same."""
    digits = [int(each) for each in words if each.isdigit()]
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    check = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return digits[9] == (0 if check == 11 else check)


# Names


def _names(text: str) -> Iterator[Finding]:
    """Titles with a name, runs of capitals that no word of the field explains, and first names in small letters."""
    yield from _matches(IdentifierKind.NAME, TITLED, text)
    for match in CALLED.finditer(text):
        yield Finding(IdentifierKind.NAME, match.start("name"), match.end("name"), match["name"])
    for run in CAPITALS.finditer(text):
        words = [(match.group(), run.start() + match.start()) for match in WORD.finditer(run.group())]
        if words and _starts_sentence(text, run.start()) and not _is_first_name(words[0][0]):
            words = words[1:]
        unknown = [(word, at) for word, at in words if not _is_of_the_field(word)]
        if unknown:
            start, end = unknown[0][1], unknown[-1][1] + len(unknown[-1][0])
            yield Finding(IdentifierKind.NAME, start, end, text[start:end])
    for match in SMALL.finditer(text):
        if match.group() in FIRST_NAMES and match.group() not in ALSO_WORDS:
            yield Finding(IdentifierKind.NAME, match.start(), match.end(), match.group())


def _starts_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \t\"“‘'([*_#>-")
    return not before or before[-1] in ".!?:;\n•–—"


def _is_first_name(word: str) -> bool:
    plain = word.casefold().removesuffix("’s").removesuffix("'s")
    return plain in FIRST_NAMES and plain not in ALSO_WORDS


def _is_of_the_field(word: str) -> bool:
    plain = word.casefold().removesuffix("’s").removesuffix("'s")
    if word.isupper() and len(plain) > 1:
        return True  # MASH, CAMHS, DSL: letters that stand for something
    return plain in OF_THE_FIELD or plain.removesuffix("s") in OF_THE_FIELD


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = (
    rf"(?:\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\.?,?\s+\d{{2,4}}|{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})"
)
DATE = re.compile(rf"\b{_DAY}\b", re.IGNORECASE)
BIRTH = re.compile(
    rf"\b(?:d\.?\s?o\.?\s?b\.?|date of birth|birthday|birth date|born)\b[^.\n\d]{{0,20}}{_DAY}", re.IGNORECASE
)
_NUMBER = (
    r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen)"
)
AGE = re.compile(
    rf"\b(?:aged?\s+{_NUMBER}\b|{_NUMBER}[\s-]+(?:day|week|month|year|yr)s?[\s-]+olds?\b|{_NUMBER}\s?(?:yo|y/o)\b)",
    re.IGNORECASE,
)
TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b")
WORD = re.compile(r"[^\W\d_][\w’'-]*")
SMALL = re.compile(r"\b[a-z]{3,}\b")
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'-]*"
CAPITALS = re.compile(rf"\b{_CAPITAL}(?:[ \t]+{_CAPITAL})*")
TITLED = re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Baby|Child)\.?[ \t]+(?!Protection\b){_CAPITAL}(?:[ \t]+{_CAPITAL})?")
CALLED = re.compile(
    r"\b(?:called|named|name is|name was|surname)\s+"
    r"(?!(?:a|an|the|this|that|it|for|in|on|by|and|or|to|not|out|us|me|him|her|them|about|after|before|upon|again)\b)"
    r"(?P<name>[A-Za-zÀ-ÿ][\w’'-]+)"
)
DISCLOSURE = re.compile(
    r"\bI(?:’m|'m| am)?(?: still| really| very| so)? (?:worried|concerned|scared|afraid|frightened)"
    r" (?:about|for|that)\b"
    r"|\b(?:he|she|they|the child|a child|my (?:son|daughter|child|partner|neighbour)|the baby)"
    r" (?:is|are|was|were) being (?:hurt|hit|abused|harmed|neglected|groomed|exploited|beaten|starved)\b"
    r"|\b(?:is|are|was|were) (?:at risk of|in immediate|in danger)\b"
    r"|\b(?:told|disclosed to|said to) me (?:that )?(?:he|she|they|someone|somebody|dad|mum|his|her|their)\b"
    r"|\b(?:hits|hit|beats|hurts|touches|touched|abuses|abused|strangled|threatened) (?:him|her|them|me|my|the child"
    r"|the baby|the children)\b"
    r"|\b(?:marks|bruis(?:e|es|ing)|burns) on (?:him|her|them|his|her|their|the (?:child|baby))\b"
    r"|\b(?:want(?:s|ed)? to die|kill (?:myself|himself|herself|themselves)|suicid\w*|self[- ]harm(?:s|ing|ed)?)\b"
    r"|\bnobody (?:is doing|has done|did) anything\b|\bno one (?:is doing|has done|did) anything\b"
    r"|\b(?:please|somebody|someone) (?:help|should check on) (?:him|her|them|this child|the child)\b",
    re.IGNORECASE,
)


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


OF_THE_FIELD = _listed(
    """
    i i’m i'm i’ve i've i’ll i'll i’d i'd a an the and of for to in on at by with as or we my our you your it
    this that monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december christmas easter ramadan eid diwali summer spring autumn
    winter english england wales welsh scotland scottish ireland irish british britain uk london europe european
    polish romanian urdu punjabi arabic somali german french spanish muslim christian jewish sikh hindu asian
    african black white traveller roma gypsy covid safeguarding child children adult adults family families
    partnership board council trust authority local police health nhs school schools academy college nursery
    early year years help education social work worker workers care service services team teams hub front door
    officer officers lead leads manager managers director probation fire rescue ambulance hospital surgery
    practice gp gps nurse nurses midwife midwives visitor visitors doctor paediatrician teacher teachers head
    governor governors designated named foster carer carers volunteer voluntary community sector charity multi
    agency plan plans conference conferences strategy meeting meetings section act working together protection
    need needs strengths threshold thresholds assessment review reviews learning point points recommendation
    recommendations serious case action actions briefing briefings audit domestic abuse violence homicide mental
    capacity prevent signs safety graded profile outcome star zoom microsoft word excel powerpoint whatsapp
    facebook instagram snapchat tiktok google email internet mosaic liquid logic systmone emis think whole lived
    experience voice day week month professional curiosity neglect under ones babies baby safer sleep
    information sharing escalation supervision level one two three four five six seven eight nine ten module
    part unit slide minute minutes summary background trainer trainers training course courses event workbook
    certificate
    """
)
"""Words that carry a capital without naming anybody: days, places, services and terms of the field."""

ALSO_WORDS = _listed(
    """
    will mark grace hope faith joy rose may april june summer autumn dawn amber ruby jade pearl ivy lily daisy
    poppy heather holly hazel olive violet robin jay jack bill bob rob ray max pat sue art guy frank grant miles
    drew dean chance chase harry carol penny gene rich victor skye star sky ben dan don
    """
)
"""First names that are words as well: told only where something else speaks for a name."""

FIRST_NAMES = _listed(
    """
    aaron abbie abdul abdullah abigail adam adrian agnieszka ahmed aiden aisha alan albert alex alexander
    alexandra alfie ali alice alicia alison amber amelia amir amy andrea andrew angela anita anna anne annie
    anthony archie arjun arthur asha ashley ava ayesha barbara barry ben benjamin beth bethany betty brandon
    brian bryony caitlin callum cameron carl carol caroline catherine charles charlie charlotte chelsea chloe
    chris christian christina christopher claire colin connor craig daisy daniel danielle darren dave david dawn
    dean deborah declan denise dennis diane dominic donna dorothy dylan edward eleanor elena eli elijah
    elizabeth ella ellie elliot emily emma erin ethan eva evie ewan faith farah fatima felix fiona florence
    frances francesca frank freddie freya gabriel gareth gary gavin gemma george georgia gerald gillian glen
    gloria grace graham grant hamza hannah harriet harris harry harvey hassan hayley heather heidi helen henry
    holly hugo hussain ian ibrahim imogen imran irene isaac isabella isabelle isla jack jackie jackson jacob
    jade jaden jake james jamie jane janet jasmine jason jaxon jayden jean jeffrey jenna jennifer jenny jeremy
    jessica jill joan joanna joanne joe joel john jonathan jordan joseph josh joshua joyce jude judith julia
    julian julie justin kai karen karl kate katherine kathleen katie kayden kayla kayleigh keira keith kelly ken
    kenneth kerry kevin khadija kieran kim kirsty kyle kylie lara laura lauren layla leah leanne lee leo leon
    lesley lewis liam lily linda lisa lloyd logan lola louis louise luca lucas lucy luke lydia lynn maddison
    maisie malcolm marcus margaret maria marie marion mark martin mary maryam mason mateusz matilda matthew
    maureen megan melanie melissa mia michael michelle millie mohammad mohammed molly muhammad myles nadia naomi
    natalie natasha nathan neil niamh nicholas nicola nicole nigel noah noor oliver olivia omar oscar owen
    pamela patricia patrick paul pauline peter philip phoebe polly poppy priya rachel ralph rebecca reece reggie
    reuben rhys richard riley robert robin roger ronnie rosie ross roxanne ruby rupert russell ryan sally sam
    samantha samuel sandra sara sarah scarlett scott sean sebastian shane shannon sharon shaun sheila shirley
    sienna simon sofia sophia sophie stacey stanley stella stephanie stephen steve steven stewart stuart summer
    susan suzanne tamara tanya tara teddy teresa terry thea theo theodore theresa thomas tiffany tim timothy
    tina toby tom tommy tony tracey tracy trevor tyler umar vanessa vera vicky victoria vincent wayne wendy
    william willow xavier yasmin yusuf yvonne zac zach zachary zahra zainab zara zoe
    """
)
