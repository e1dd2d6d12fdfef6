"""The audit finds what it should, and nothing that is fixed."""

from scripts.audit import affected

ADVISORIES = [
    {"id": "A", "package": "some-package", "fixed_in": "2.10"},
    {"id": "B", "package": "other", "fixed_in": None},
]


def test_versions_are_compared_as_versions_and_names_as_names() -> None:
    found = affected("Some_Package==2.9 ; x \\\nother==1\nsome-package-more==1\n", ADVISORIES)
    assert [(each["id"], version) for each, version in found] == [("A", "2.9"), ("B", "1")]


def test_what_is_fixed_is_not_found() -> None:
    assert affected("some-package==2.10 \\\n    --hash=sha256:0\nunrelated==0.1\n", ADVISORIES) == []
