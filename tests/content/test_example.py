"""The example in content/README.md is a pack: it is loaded, and spoken with."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from voice_assist import content
from voice_assist.content import Pack
from voice_assist.errors import ContentError
from voice_assist.events import Say
from voice_assist.testing import play, said, scripted_session

README = Path(__file__).resolve().parents[2] / "content" / "README.md"

BLOCK = re.compile(r"^```yaml\n# (\S+\.yaml)\n(.*?)^```$", re.DOTALL | re.MULTILINE)

SHEETS = ("concepts", "talk", "intents", "guide", "routines", "questions", "safety", "answers")
READ_ONLY = ("person", "sources", "inventory")

pytestmark = pytest.mark.skipif(
    not README.exists(), reason="content/README.md is part of a checkout, not of the package"
)


def write(folder: Path) -> dict[str, str]:
    """Write the example's files into a folder; return their texts by name."""
    files: dict[str, str] = dict(BLOCK.findall(README.read_text(encoding="utf-8")))
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return files


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("example")
    write(made)
    return made


@pytest.fixture(scope="module")
def pack(folder: Path) -> Pack:
    return content.load(folder)


def test_it_is_complete(folder: Path) -> None:
    for sheet in (*SHEETS, *READ_ONLY):
        assert (folder / f"{sheet}.yaml").exists() or list((folder / sheet).glob("*.yaml")), sheet
    assert list((folder / "protocols").glob("*.yaml"))


def test_it_is_understood_and_guided(pack: Pack) -> None:
    heard = [said("oh no my nose is bleeding", 1.0), said("no", 4.0), said("why", 9.0), said("it stopped", 30.0)]
    actions, _ = play(scripted_session(pack, heard), 45.0)
    spoken = [action.text for action in actions if isinstance(action, Say)]
    assert spoken[:3] == ["I am here.", "Do you take blood thinners?", "Sit up. Lean forward."]
    assert "Pressing closes the vessel." in spoken
    assert "Longer than that for you." not in spoken
    assert spoken[-1] == "Good. Rest now."


def test_an_answer_goes_on_when_more_is_wanted(pack: Pack) -> None:
    awake = [said("my nose is bleeding", 1.0), said("no", 4.0), said("it stopped", 8.0)]
    actions, _ = play(scripted_session(pack, [*awake, said("what causes it", 9.5)]), 20.0)
    assert "Dry air is one cause." in [action.text for action in actions if isinstance(action, Say)]


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("guide.yaml", "begin: begin", "begin: start", "there is no routine 'start'"),
        ("questions.yaml", "goto: done", "goto: gone", "there is no routine 'gone'"),
        ("routines.yaml", "when: [thinners]", "when: [tall]", "there is no fact 'tall'"),
        ("routines.yaml", "rest: 600", "rest: 4000", "it must lie between 0 and 3600"),
        ("protocols/nose.yaml", "tier: guided", "tier: sure", "tier is 'sure'"),
        ("protocols/nose.yaml", "Lean forward.", "Tilt back.", "banned words"),
        ("answers/all.yaml", "says: [[", "tells: [[", "lacks its field 'says'"),
        ("sources.yaml", "S1:", "S9:", "there is no source 'S1'"),
        ("person.yaml", "changes:", "alters:", "has no field 'alters'"),
        ("intents.yaml", "needs: [topic]", "needs: [theme]", "there is no concept 'theme'"),
    ],
)
def test_a_slip_in_it_is_found_with_its_file_and_line(
    tmp_path: Path, file: str, old: str, new: str, reason: str
) -> None:
    text = write(tmp_path)[file]
    assert old in text, "the example has changed; change the slip too"
    (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        content.load(tmp_path)
    (fault, *_) = [fault for fault in caught.value.faults if reason in str(fault)]
    # A source that is missing is a fault of the lines that name it.
    assert file in (fault.file, "sources.yaml")
    assert fault.line > 0


def test_the_readme_names_every_field_that_a_pack_can_have() -> None:
    """What the reader knows and the documentation does not would be found by nobody."""
    told = README.read_text(encoding="utf-8")
    known = (*content.guide._REQUIRED, *content.guide._OPTIONAL, *content.steps.STEPS, *content.lexicon._OPTIONAL)
    known += (*content.questions._BRANCH, *content.questions._OPTIONAL, *content.lexicon._VALUE)
    known += (*content.protocols._OPTIONAL, *content.steps._ANY_STEP)
    missing = [name for name in known if f"`{name}" not in told]
    assert missing == []
