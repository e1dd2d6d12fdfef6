"""How personal details look: the patterns that masking replaces, and the words that are never a name."""

from __future__ import annotations

import re

_FLAGS = re.IGNORECASE
_WORD = r"[^\W\d_](?:[^\W\d_]|['’.-](?=[^\W\d_]))*\.?"
_STREET = (
    r"street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|square|sq|place|pl|way|terrace|highway|hwy|"
    r"parkway|pkwy|crescent|close|row|trail|circle|plaza|alley|mews|grove|gardens?|park|hill|view|green|walk|rise|"
    r"mills?|village|islands?|estates?|junctions?|stravenue|extension|isle|ridge|points?|ports?|route|run|springs?|"
    r"turnpike|union|valley|wells?|bridge|bypass|center|centre|cliff|club|common|corner|course|cove|creek|crossing|"
    r"dale|dam|divide|expressway|fall|falls|ferry|field|fields|flat|flats|ford|forest|forge|fork|fort|freeway|gateway|"
    r"glen|harbor|haven|heights|inlet|key|knoll|lake|land|landing|light|loaf|lock|lodge|loop|mall|manor|meadow|"
    r"mission|motorway|mount|mountain|neck|orchard|oval|overpass|pass|passage|path|pike|pine|pines|plain|plains|"
    r"prairie|radial|ramp|ranch|rapid|rest|river|roads|shoal|shore|skyway|spur|station|stream|summit|throughway|trace|"
    r"track|trafficway|underpass|viaduct|ville|vista"
)
PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[a-z][a-z0-9+.-]{1,20}://[^\s<>\"']+", _FLAGS), "[link]"),
    (re.compile(r"\bmailto:\S+", _FLAGS), "[e-mail]"),
    (
        re.compile(
            r"[^\s@<>()\[\],;:\"]+\s?(?:@|\(at\)|\[at\]|\s+at\s+(?=\S+\s+dot\s))\s?[^\s@<>()\[\],;:\"]+"
            r"(?:\s+dot\s+\w+)*",
            _FLAGS,
        ),
        "[e-mail]",
    ),
    (re.compile(r"(?<!\w)@\w[\w.-]*"), "[handle]"),
    (
        re.compile(
            r"\bwww\.\S+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|edu|gov|io|co|de|fr|es|uk|me|info|app|dev|ai)"
            r"(?:/\S*|\b(?=/)|:\d+\S*)",
            _FLAGS,
        ),
        "[link]",
    ),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", _FLAGS), "[id]"),
    (re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])", _FLAGS), "[address]"),
    (
        re.compile(r"\b[a-z]{2}\d{2}(?:\s?(?=[a-z]{0,3}\d)[0-9a-z]{4}){3,7}(?:\s?(?=\d)[0-9a-z]{1,3})?\b", _FLAGS),
        "[number]",
    ),
    (re.compile(r"\b(?=\w*\d)(?=\w*[a-z])[a-z0-9_]{16,}\b", _FLAGS), "[id]"),
    (
        re.compile(
            r"\b(?:p\.?\s?o\.?\s?box|box|unit|apt\.?|apartment|suite|flat|studio|floor|psc|psc box|apo)"
            r"(?:\s+(?:no\.?\s*)?|\s*#\s*)\d+\w*",
            _FLAGS,
        ),
        "[address]",
    ),
    (re.compile(rf"\b\d+[a-z]?(?:[-/]\d+)?,?\s+(?:{_WORD}\s+){{1,4}}?(?:{_STREET})\b\.?", _FLAGS), "[address]"),
    (
        re.compile(r"\b[\w.-]*(?:straße|strasse|str\.|weg|gasse|platz|allee|damm|ring|ufer)\s+\d+\s?[a-z]?\b", _FLAGS),
        "[address]",
    ),
    (
        re.compile(
            r"\b(?:rue|avenue|boulevard|chemin|place|calle|avenida|paseo|plaza|via|piazza|corso|viale)\s+"
            r"(?:[\w'’.-]+\s+){0,4}?[\w'’.-]+,?\s+\d+\b",
            _FLAGS,
        ),
        "[address]",
    ),
    (
        re.compile(
            r"\b\d+,?\s+(?:bis\s+|ter\s+)?(?:rue|avenue|boulevard|chemin|place|calle|avenida|via|impasse)\s+"
            r"(?:(?:de|du|des|la|le|les|l|d)\b['’]?\s*)*[\w'’-]+",
            _FLAGS,
        ),
        "[address]",
    ),
    (re.compile(r"\b[a-z]{1,2}\d[a-z0-9]?\s?\d[a-z]{2}\b", _FLAGS), "[address]"),
    (re.compile(r"\b[a-z]\d[a-z]\s?\d[a-z]\d\b", _FLAGS), "[address]"),
    # Digits that belong together, whatever stands between them; the years and counts that questions hold are shorter.
    (re.compile(r"(?<!\w)[+(]?\d(?:[\s().,/x–-]*\d){4,}(?:\s*(?:ext|x|extension)\.?\s*\d+)?", _FLAGS), "[number]"),
    (re.compile(r"\b(?=(?:[^\W\d]*\d){5})\w+\b"), "[number]"),
)
CUES = re.compile(
    r"\b((?:my|his|her|their|our)\s+(?:full\s+|first\s+|last\s+|sur|user\s?)?name(?:\s+is|'s|’s|:)|name\s*:|i\s?am\s+called|"
    r"call\s+me|this\s+is|it'?s\s+me,?|(?:mr|mrs|ms|miss|mx|dr|prof|professor|herr|frau|sir|madam)\b\.?|"
    r"(?:my|his|her)\s+(?:son|daughter|brother|sister|friend|wife|husband|partner|boss|manager|teacher|colleague|mentor)"
    r"(?:\s+is\s+called|\s+called|\s+named|,)|(?:called|named)|"
    r"(?:best|kind|warm)?\s*(?:regards|wishes)|cheers|sincerely|yours|signed|greetings\s+from|love),?\s+"
    rf"((?:{_WORD}\s*,?\s*){{1,4}})",
    _FLAGS,
)
CAPITAL = re.compile(rf"(?<![\w\[])({_WORD})")
_WORDS = """
a about actually after all also am an and any are as at be because been before but by can cannot could did do does
doing for from get good had has have he hello her here hey hi him his how i if in into is it its just know learn
let like machine make many may me mean more most much my need no not now of ok okay on one only or other our
people please really say she should so some still such tell than thank thanks that the their them then there these
they thing this those to too two us use very want was we well were what when where which who whom whose why will
with work would yes yet you your i'm i've i'd i'll it's that's what's don't doesn't can't isn't monday tuesday
wednesday thursday friday saturday sunday january february march april may june july august september october
november december english german french spanish dear sorry where's who's how's there's is difference between
compare explain describe list give show engineer engineers engineering ai ml career job role and/or looking
interested trying thinking wondering wrong right sure happy new student beginner fine
"""
COMMON = frozenset(_WORDS.split())
