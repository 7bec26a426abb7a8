"""Bad input through the real command: one clear line, the right exit code, never a traceback."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from voice_assist.config import content_folder, models_folder
from voice_assist.samples import RATE, Samples, samples

if TYPE_CHECKING:
    from tests.conftest import Command, Done

MODEL = models_folder() / "en-small"

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="sound cards are made up with ALSA, on Linux")


def one_line(done: Done, message: str, code: int = 1) -> None:
    """Hold that a command said one line, this one, and ended with this code."""
    assert (done.out, done.code) == ("", code), done
    assert re.fullmatch(f"voice-assist: {message}\n", done.err), done.err


def nothing(path: Path) -> None:
    assert not path.exists()


def empty(path: Path) -> None:
    path.touch()


def text(path: Path) -> None:
    path.write_text("my calf is cramping\n" * 100)


def no_samples(path: Path) -> None:
    soundfile.write(path, np.zeros(0, np.int16), RATE)


def a_folder(path: Path) -> None:
    path.mkdir()


# Recordings


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (nothing, r"there is no file in\.wav; check the name"),
        (empty, r"in\.wav is empty \(0 bytes\); record it again"),
        (text, r"in\.wav is not a sound file that can be read; save it as WAV, FLAC or OGG"),
        (no_samples, r"in\.wav holds no sound \(0 samples\); record it again"),
        (a_folder, r"in\.wav is a folder; name one recording in it"),
    ],
)
def test_a_recording_that_cannot_be_heard(command: Command, make: Callable[[Path], None], message: str) -> None:
    make(command.folder / "in.wav")
    one_line(command.run("rehearse", "in.wav", "--out", "out.wav", "--journal", "journal.jsonl"), message)
    assert {path.name for path in command.folder.iterdir()} <= {"in.wav"}


@pytest.fixture
def call(record: Callable[..., Path]) -> Samples:
    """A short call for help that is stopped at once, so that its rehearsal is short, too."""
    pcm: Samples = soundfile.read(record({0.5: "my calf is cramping", 4.0: "stop"}, 6.0), dtype="int16")[0]
    return pcm


def test_a_recording_that_is_cut_short_is_heard_to_its_end(command: Command, call: Samples) -> None:
    path = command.folder / "in.wav"
    soundfile.write(path, np.concatenate([call, call]), RATE)
    path.write_bytes(path.read_bytes()[: 44 + 2 * len(call)])
    done = command.rehearse(path)
    assert (done.code, done.err) == (0, "")
    assert done.out.count("is cut short: its last 6.0 s are missing; copy or record it again") == 1
    assert {"name": "cramp", "place": "calf"} in done.intents


@pytest.mark.parametrize(
    ("rate", "channels", "subtype"),
    [(8_000, 1, "PCM_U8"), (48_000, 2, "FLOAT")],
    ids=["8 kHz mono 8-bit", "48 kHz stereo float"],
)
def test_any_rate_and_format_is_heard(command: Command, call: Samples, rate: int, channels: int, subtype: str) -> None:
    import soxr  # noqa: PLC0415

    frames = soxr.resample(call.astype(np.float32) / 32_768, RATE, rate)
    soundfile.write(command.folder / "in.wav", np.stack([frames] * channels, axis=1), rate, subtype)
    done = command.rehearse(Path("in.wav"))
    assert (done.code, done.err) == (0, "")
    assert {"name": "cramp", "place": "calf"} in done.intents


@pytest.mark.parametrize("other", ["--journal", "--out"])
def test_a_recording_is_never_written_over(command: Command, call: Samples, other: str) -> None:
    path = command.folder / "in.wav"
    soundfile.write(path, call, RATE)
    before = path.read_bytes()
    done = command.run("rehearse", "in.wav", other, "in.wav")
    assert done.code == 1
    assert re.search(r"in\.wav (cannot be the journal, too|is the recording itself); give the", done.err)
    assert path.read_bytes() == before


MEASURE = """\
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Measured from a small process: a child's peak counts from what its parent held."""


@pytest.mark.skipif(sys.platform == "win32", reason="the peak of a tree of processes is not told here")
def test_memory_is_flat_however_long_the_recording_is(command: Command) -> None:
    def peak(minutes: int) -> int:
        rng = np.random.default_rng(7)
        with soundfile.SoundFile(command.folder / "room.flac", "w", RATE, 1) as file:
            for _ in range(minutes):
                file.write(rng.normal(0, 6, 60 * RATE).astype(np.int16))
        arguments = [sys.executable, "-c", MEASURE, command.program, "rehearse", "room.flac", "--out", "out.wav"]
        done = subprocess.run(
            arguments, cwd=command.folder, env=command.env, capture_output=True, text=True, check=True
        )
        code, peak = map(int, done.stdout.split())
        assert code == 0, done.stderr
        return peak

    # 9 minutes of sound more are 17 MB as int16. The unit is kilobytes on Linux and bytes on macOS.
    assert peak(10) < 1.05 * peak(1)


# Models


def copy_of(model: Path, folder: Path) -> Path:
    """Copy a model whose files may be changed."""
    for source in model.rglob("*"):
        if source.is_file():
            target = folder / source.relative_to(model)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    return folder


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[200::7] = b"\xa5" * len(content[200::7])
    path.write_bytes(content)


def garbage(path: Path) -> None:
    path.write_text("--no-such-option=1\n")


@pytest.mark.parametrize(
    ("file", "damage", "message"),
    [
        ("am/final.mdl", Path.unlink, r"the model is not whole: am/final\.mdl is missing or empty; .* again"),
        ("am/final.mdl", lambda path: path.write_bytes(b""), r"the model is not whole: am/final\.mdl .* again"),
        ("am/final.mdl", cut, r".*"),
        ("am/final.mdl", spoil, r".*"),
        ("graph", shutil.rmtree, r"the model is not whole: graph/HCLr\.fst is missing or empty; .* again"),
        ("graph/HCLr.fst", cut, r".*"),
        ("graph/HCLr.fst", garbage, r"graph/HCLr\.fst is damaged; .* again"),
        ("graph/Gr.fst", garbage, r"graph/Gr\.fst is damaged; .* again"),
        ("conf/mfcc.conf", garbage, r".*"),
    ],
    ids=str,
)
def test_a_model_that_is_not_whole(
    command: Command, call: Samples, file: str, damage: Callable[[Path], None], message: str
) -> None:
    damage(copy_of(MODEL, command.folder / "model") / file)
    soundfile.write(command.folder / "in.wav", call, RATE)
    done = command.run("rehearse", "in.wav", "--model", "./model", "--out", "out.wav")
    assert done.code == 1, done
    assert re.fullmatch(f"voice-assist: (The model in )?model.*{message}\\S*\n", done.err), done.err
    assert not (command.folder / "out.wav").exists()


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("./gone", r"no such model folder; `voice-assist models` lists what is here \(\./gone\)"),
        ("en-smal", r"no model is called 'en-smal'; did you mean en-small\?"),
        ("./empty", r"empty: is not a Vosk model: it has neither am/, conf/ nor graph/"),
    ],
)
def test_a_model_that_is_not_there(command: Command, call: Samples, model: str, message: str) -> None:
    (command.folder / "empty").mkdir()
    soundfile.write(command.folder / "in.wav", call, RATE)
    done = command.run("rehearse", "in.wav", "--model", model)
    one_line(done, message)


# Content and settings

TEN_FAULTS = [
    ("routines/course.yaml", "run: before", "run: bfore", "there is no routine 'bfore'"),
    ("routines/course.yaml", "ask: progress", "ask: progres", "there is no question 'progres'"),
    ("routines/holds.yaml", "{hold: 10, unless", "{hold: ten, unless", "hold must be a number, not 'ten'"),
    ("questions/course.yaml", "place: quadriceps", "place: quad", "there is no place 'quad'"),
    ("guide.yaml", "begin: begin", "begin: start", "there is no routine 'start'"),
    ("guide.yaml", "most_words: 9", "most_wrods: 9", "has no field 'most_wrods'"),
    ("safety.yaml", "{emergency} now.", "{emergancy} now.", "has the placeholder {emergancy}"),
    ("protocols/calf.yaml", "say: Straighten that leg.", "say: Flex that foot.", "uses the banned words 'Flex'"),
    ("protocols/foot.yaml", "places: [foot]", "places: [calf]", "place 'calf' has a protocol already"),
    ("intents.yaml", "  cramp: start", "  cramp: strat", "'strat' is no kind of intent"),
]


def test_all_faults_of_a_content_pack_are_told_at_once(command: Command) -> None:
    pack = shutil.copytree(content_folder() / "en", command.folder / "en")
    for file, old, new, _ in TEN_FAULTS:
        text = (pack / file).read_text(encoding="utf-8")
        assert old in text, f"'{old}' is not in {file}"
        (pack / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    done = command.run("content", "check", "en")
    assert (done.code, done.out) == (1, "")
    told = done.err.splitlines()
    for file, _, _, reason in TEN_FAULTS:
        assert any(re.fullmatch(rf"voice-assist: .*{re.escape(reason)}.* \({file}:\d+\)", line) for line in told), (
            reason,
            told,
        )
    demo = command.run("rehearse", content_folder() / "en" / "demo.flac", "--content", "en")
    assert (demo.code, demo.out, demo.err) == (1, "", done.err)


def test_a_content_pack_that_is_not_there(command: Command) -> None:
    one_line(
        command.run("content", "check", "gone"), "gone: there is no such folder; name the folder of a content pack"
    )


def test_a_typo_in_the_settings_names_the_nearest_key(command: Command) -> None:
    (command.folder / "settings.toml").write_text('profile = "night"\nvolum = -6\n')
    done = command.run("rehearse", "in.wav", env={"VOICE_ASSIST_SETTINGS": "settings.toml"})
    one_line(done, r"no setting 'volum'; did you mean 'volume'\? \(settings\.toml:2\)")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["listn"], r"No such command 'listn'.*; see voice-assist --help"),
        (["rehearse"], r"Missing argument 'IN\.wav'; see voice-assist rehearse --help"),
        (["rehearse", "in.wav", "--ot"], r"No such option.*--ot.*; see voice-assist rehearse --help"),
        (["listen", "--profile", "day"], r"Invalid value for '--profile': 'day' is not one of .*'night'.*; .*"),
        (["start", "claf"], r"Invalid value for PLACE: 'claf' has no protocol; there are .*calf.*hamstring.*; .*"),
        (["content"], r"Missing command.*; see voice-assist content --help"),
    ],
)  # fmt: skip
def test_wrong_usage(command: Command, arguments: list[str], message: str) -> None:
    one_line(command.run(*arguments), message, code=2)


# Devices


@linux
def test_no_microphone(command: Command) -> None:
    message = r"(no microphone was found|PortAudio, which .*, is missing); (plug one in, or try|install it: ).*"
    one_line(command.run("listen"), message)


@linux
def test_no_loudspeaker(command: Command) -> None:
    command.sound("pcm.!default { type asym capture.pcm { type null } }\n")
    message = r"(no loudspeaker was found|PortAudio, which .*, is missing); (plug one in, or use|install it: ).*"
    one_line(command.run("listen"), message)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no folder here that not even root can write into")
def test_a_home_that_cannot_be_written(command: Command, call: Samples) -> None:
    soundfile.write(command.folder / "in.wav", call, RATE)
    done = command.rehearse(Path("in.wav"), "--out", "out.wav", env={"HOME": "/proc/home"})
    assert (done.code, done.err) == (0, "")
    assert re.search(r"The folder for rendered phrases, /proc/home/.*, cannot be written \(", done.out)
    assert {"name": "cramp", "place": "calf"} in done.intents
    assert soundfile.info(command.folder / "out.wav").frames >= len(call) - samples(0.1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_ends_the_journal_and_not_the_help(command: Command, call: Samples) -> None:
    soundfile.write(command.folder / "in.wav", call, RATE)
    done = command.run("rehearse", "in.wav", "--journal", "/dev/full")
    assert done.code == 1
    assert done.err == f"voice-assist: the journal /dev/full cannot be written: {os.strerror(28)}\n"
    assert "understood: control, word stop" in done.out


def test_a_journal_in_no_folder(command: Command, call: Samples) -> None:
    soundfile.write(command.folder / "in.wav", call, RATE)
    done = command.run("rehearse", "in.wav", "--journal", "gone/journal.jsonl", "--out", "out.wav")
    assert (done.code, done.err.count("\n")) == (1, 1)
    assert "the journal gone/journal.jsonl cannot be written: " in done.err
    assert not (command.folder / "out.wav").exists()
