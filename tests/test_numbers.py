"""Emergency numbers: candidates for somebody to choose from, never a guess."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from voice_assist import config, numbers
from voice_assist.errors import ContentError
from voice_assist.numbers import Candidates, candidates, described

if TYPE_CHECKING:
    from tests.conftest import Command

SHARED = Path(os.environ.get("VOICE_ASSIST_SHARED", Path(__file__).resolve().parents[2] / "shared"))

ROW = """
countries:
  - codes: [NZ]
    name: New Zealand
    emergency: ["111"]
    basis: [R54]
    verified: false
"""


def known(country: str) -> Candidates:
    row = candidates(country)
    assert row is not None, country
    return row


def faults(folder: Path, text: str) -> list[str]:
    file = folder / numbers.FILE
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as raised:
        numbers.table(file)
    return [str(fault) for fault in raised.value.faults]


def test_111_is_advice_in_one_country_and_an_emergency_in_another() -> None:
    assert known("GB").advice == "111"
    assert "111" not in known("GB").emergency
    assert known("NZ").emergency == ("111",)


@pytest.mark.parametrize("name", ["nz", "NZ", "New Zealand", " new  zealand "])
def test_a_country_is_found_by_its_code_and_by_its_name(name: str) -> None:
    assert known(name).codes == ("NZ",)


@pytest.mark.parametrize("name", ["", "en", "EN", "english", "en_GB", "en_GB.UTF-8", "C", "New Zeland", "zealand"])
def test_no_language_no_locale_and_no_near_miss_is_a_country(name: str) -> None:
    assert candidates(name) is None


def test_the_locale_and_the_time_zone_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {row.codes: described(row, Path("settings.toml")) for row in numbers.table()}
    for name in ("LANG", "LC_ALL", "LANGUAGE"):
        monkeypatch.setenv(name, "en_NZ.UTF-8")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert {row.codes: described(row, Path("settings.toml")) for row in numbers.table()} == told
    assert config.Settings().emergency_number == ""


def test_no_row_claims_to_be_verified() -> None:
    assert [row.name for row in numbers.table() if row.verified] == []


@pytest.mark.parametrize("country", ["PH", "BR", "GH", "NG", "IN"])
def test_where_the_sources_disagree_it_is_said(country: str) -> None:
    row = known(country)
    assert row.conflict
    assert len(row.emergency) > 1
    assert any("disagree" in line for line in described(row, Path("settings.toml")))


def test_where_the_sources_gave_no_number_none_is_made_up() -> None:
    for country in ("SG", "KE", "MX", "AR", "TH", "TR", "PK", "AE"):
        row = known(country)
        assert row.emergency == ()
        assert not any(re.search(r"\d", line) for line in described(row, Path("settings.toml")))


SOURCE_ROW = re.compile(r"^\| (?P<name>[^|]+) \| (?P<emergency>[^|]*) \| (?P<advice>[^|]*) \| [^|]* \|$")


def rows_of_the_source() -> dict[str, tuple[set[str], set[str]]]:
    """Return the numbers of safety.md section 7: country to the digits of both columns."""
    source = SHARED / "sources" / "safety.md"
    if not source.exists():
        pytest.skip(f"no {source}: the source of the numbers is not here")
    section = source.read_text(encoding="utf-8").partition("## 7.")[2].partition("## 8.")[0]
    found = {}
    for match in map(SOURCE_ROW.match, section.splitlines()):
        if match and match["name"] not in ("Country/region", "---"):
            emergency, advice = (set(re.findall(r"\d{2,}", match[column])) for column in ("emergency", "advice"))
            found[match["name"].replace("EU members", "European Union").partition(",")[0]] = emergency, advice
    return found


def test_every_number_of_the_source_is_here_and_no_other() -> None:
    source = rows_of_the_source()
    assert len(source) == 22
    of_the_union = {"FR", "IT", "AT", "DE", "MT"}
    for name, (emergency, advice) in source.items():
        rows = [known(country) for country in re.split(r" and |, ", name)]
        if name == "European Union":
            rows += [known(code) for code in sorted(of_the_union)]
        assert {number for row in rows for number in row.emergency} == emergency, name
        assert {row.advice.lstrip("#") for row in rows} - {""} == advice, name


@pytest.mark.parametrize(
    ("old", "new", "reason", "line"),
    [
        ("[NZ]", "[nz]", "'nz' is no entry of codes", 3),
        ('["111"]', "[111]", "an entry of emergency must be a text, not '111'", 5),
        ('["111"]', '["one"]', "'one' is no entry of emergency", 5),
        ("[R54]", "[hearsay]", "'hearsay' is no entry of basis", 6),
        ("    basis: [R54]\n", "", "a number without its basis is a guess", 3),
        ("verified: false", "verified: true", "verified needs the authority's own page", 3),
        ("verified: false", "verified: perhaps", "verified must be true or false", 7),
        ("    verified: false\n", "", "lacks its field 'verified'", 3),
        ("verified: false", "verified: false\n    advise: '1'", "has no field 'advise'", 8),
        ("verified: false", "verified: false\n    advice: ask", "advice is 'ask'", 8),
        ("    verified: false\n", "    verified: false\n" + ROW.partition("countries:\n")[2], "stands for", 8),
    ],
)
def test_a_fault_is_told_with_file_line_and_reason(tmp_path: Path, old: str, new: str, reason: str, line: int) -> None:
    assert old in ROW
    told = faults(tmp_path, ROW.replace(old, new, 1))
    mine = [fault for fault in told if reason in fault]
    assert mine, told
    assert mine[0].startswith(f"{numbers.FILE}:{line}:")


def test_a_table_without_countries_says_so(tmp_path: Path) -> None:
    assert "lacks its field 'countries'" in faults(tmp_path, "rows: []\n")[1]


# The command


def test_without_a_country_it_says_why_one_must_be_named(command: Command) -> None:
    done = command.run("numbers", env={"LANG": "en_NZ.UTF-8"})
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) == 1
    assert "111 is for emergencies in one, for advice in another" in done.err


def test_a_country_is_answered_digit_by_digit_with_how_sure_and_where_to_set_it(command: Command) -> None:
    done = command.run("numbers", "New Zealand")
    assert (done.code, done.err) == (0, "")
    assert "emergency: 111 (one one one)" in done.out
    assert "Not verified" in done.out
    assert "R54" in done.out
    assert "set it in the settings: emergency_number" in done.out
    assert done.out.splitlines()[-1].endswith("settings.toml")


def test_the_words_for_programs_are_one_object(command: Command) -> None:
    row = json.loads(command.run("numbers", "uk", "--json").out)
    assert (row["emergency"], row["advice"], row["verified"]) == (["999", "112"], "111", False)


def test_an_unknown_country_is_told_so_and_given_no_number(command: Command) -> None:
    done = command.run("numbers", "Atlantis")
    assert (done.code, done.out) == (2, "")
    assert "'Atlantis' is not in the table" in done.err
    assert not re.search(r"\d", done.err)
