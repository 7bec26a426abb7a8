"""A voice of piper: with piper itself and a voice made here, which hums; with a real voice where one is named."""

from __future__ import annotations

import json
import os
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from voice_assist.errors import RenderError
from voice_assist.samples import BLOCK, RATE, seconds
from voice_assist.speak import piper_voice
from voice_assist.speak.piper_child import MEASURED, words
from voice_assist.speak.piper_voice import PiperRenderer

A_PHONEME_S, HUM = 0.05, 220
"""Of the voice made here: how long each of its phonemes lasts at a scale of 1, and its pitch in Hz."""

SENTENCES = ["Keep your heel on the floor.", "Let the whole leg go loose.", "Ease off. Let it go soft."]


@pytest.fixture(scope="module")
def hum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A voice file of the form that piper's have: phonemes and scales in, sound out."""
    pytest.importorskip("piper", reason="piper is not here: pip install 'voice-assist[piper]'")
    onnx = pytest.importorskip("onnx", reason="onnx is not here, which makes the voice: pip install onnx")
    path = tmp_path_factory.mktemp("voice") / "hum.onnx"
    onnx.save(_graph(onnx), str(path))
    described = {
        "audio": {"sample_rate": 22_050},
        "espeak": {"voice": "en-us"},
        "language": {"code": "en_US", "family": "en"},
        "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
        "num_symbols": 256,
        "num_speakers": 1,
        "phoneme_id_map": {"_": [0], "^": [1], "$": [2], " ": [3], **{chr(c): [c % 250 + 4] for c in range(33, 800)}},
    }
    Path(f"{path}.json").write_text(json.dumps(described), encoding="utf-8")
    return path


def _graph(onnx: Any) -> Any:
    """One sine, as long as there are phonemes times the scale of the length: sin(2 pi f t)."""
    make, number = onnx.helper, onnx.TensorProto

    def constant(name: str, value: float | list[int], kind: int) -> Any:
        values = np.atleast_1d(value)
        shape = [] if np.ndim(value) == 0 else [len(values)]
        return make.make_node("Constant", [], [name], value=make.make_tensor(name, kind, shape, values.tolist()))

    nodes = [
        constant("second", 1, number.INT64),
        constant("first", 0, number.INT64),
        constant("samples", 22_050 * A_PHONEME_S, number.FLOAT),
        constant("step", 2 * np.pi * HUM / 22_050, number.FLOAT),
        constant("half", 0.5, number.FLOAT),
        constant("zero", 0, number.INT64),
        constant("one", 1, number.INT64),
        constant("shape", [1, 1, 1, -1], number.INT64),
        make.make_node("Gather", ["scales", "second"], ["scale"]),
        make.make_node("Gather", ["input_lengths", "first"], ["phonemes"]),
        make.make_node("Cast", ["phonemes"], ["count"], to=number.FLOAT),
        make.make_node("Mul", ["count", "scale"], ["scaled"]),
        make.make_node("Mul", ["scaled", "samples"], ["lasts"]),
        make.make_node("Cast", ["lasts"], ["length"], to=number.INT64),
        make.make_node("Range", ["zero", "length", "one"], ["places"]),
        make.make_node("Cast", ["places"], ["times"], to=number.FLOAT),
        make.make_node("Mul", ["times", "step"], ["angles"]),
        make.make_node("Sin", ["angles"], ["wave"]),
        make.make_node("Mul", ["wave", "half"], ["soft"]),
        make.make_node("Reshape", ["soft", "shape"], ["output"]),
    ]
    inputs = [
        make.make_tensor_value_info("input", number.INT64, [1, "n"]),
        make.make_tensor_value_info("input_lengths", number.INT64, [1]),
        make.make_tensor_value_info("scales", number.FLOAT, [3]),
    ]
    outputs = [make.make_tensor_value_info("output", number.FLOAT, [1, 1, 1, "t"])]
    model = make.make_model(make.make_graph(nodes, "hum", inputs, outputs), opset_imports=[make.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model


@pytest.fixture(scope="module")
def real() -> Path:
    """The voice file that VOICE_ASSIST_PIPER_VOICE names."""
    pytest.importorskip("piper", reason="piper is not here: pip install 'voice-assist[piper]'")
    named = os.environ.get("VOICE_ASSIST_PIPER_VOICE")
    if not named:
        pytest.skip("no voice of piper is here; name its .onnx file in VOICE_ASSIST_PIPER_VOICE")
    return Path(named)


def pace(voice: Path, texts: tuple[str, ...], rate: int) -> float:
    """The words a minute at which texts are spoken."""
    sounds = PiperRenderer(voice).render_all(texts, str(voice), rate)
    return 60 * sum(len(words(text)) for text in texts) / sum(seconds(len(pcm)) for _, pcm in sounds)


def test_sentences_are_whole_and_at_our_rate_of_samples(hum: Path) -> None:
    sounds = dict(PiperRenderer(hum).render_all(SENTENCES, str(hum), 145))
    assert list(sounds) == SENTENCES
    for pcm in sounds.values():
        assert pcm.dtype == np.int16
        assert len(pcm) % BLOCK == 0
        loudest = np.abs(np.fft.rfft(pcm[:RATE]))
        assert int(np.argmax(loudest)) * RATE / len(pcm[:RATE]) == pytest.approx(HUM, abs=3)
    # Between the two sentences there is silence.
    assert (np.abs(sounds[SENTENCES[2]].astype(int)) < 10).sum() > 0.2 * RATE


@pytest.mark.parametrize("rate", [80, 145, 300, 400])
def test_the_pace_of_the_voice_is_measured_not_guessed(hum: Path, rate: int) -> None:
    assert pace(hum, MEASURED["en"], rate) == pytest.approx(rate, rel=0.05)


def test_in_a_language_without_sentences_of_ours_those_of_the_job_are_measured(hum: Path, tmp_path: Path) -> None:
    voice = tmp_path / "other.onnx"
    voice.write_bytes(hum.read_bytes())
    described = json.loads(Path(f"{hum}.json").read_text(encoding="utf-8"))
    described["language"] = {"code": "nl_NL", "family": "nl"}
    Path(f"{voice}.json").write_text(json.dumps(described), encoding="utf-8")
    assert pace(voice, ("Trek je tenen naar je neus.", "Duw je hiel van je weg."), 200) == pytest.approx(200, rel=0.05)


def test_a_real_voice_speaks_at_the_rate_that_is_asked_for(real: Path) -> None:
    for rate in (100, 145, 250):
        assert pace(real, MEASURED["en"], rate) == pytest.approx(rate, rel=0.1)


def test_a_text_without_words_is_an_error_not_a_silence(hum: Path) -> None:
    with pytest.raises(RenderError, match=r"The voice file gives no sound|twice, at"):
        PiperRenderer(hum).render("", str(hum), 145)


@pytest.mark.parametrize("missing", ["hum.onnx", "hum.onnx.json"])
def test_a_file_that_is_not_there_is_one_line(hum: Path, tmp_path: Path, missing: str) -> None:
    for name in {"hum.onnx", "hum.onnx.json"} - {missing}:
        (tmp_path / name).write_bytes((hum.parent / name).read_bytes())
    with pytest.raises(
        RenderError, match=f"There is no file {tmp_path / missing}, which the voice needs; copy it"
    ) as caught:
        PiperRenderer(tmp_path / "hum.onnx")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [("hum.onnx", b"this is no voice"), ("hum.onnx", b""), ("hum.onnx.json", b"{"), ("hum.onnx.json", b"{}")],
)
def test_a_broken_file_is_one_line(hum: Path, tmp_path: Path, name: str, content: bytes) -> None:
    for other in ("hum.onnx", "hum.onnx.json"):
        (tmp_path / other).write_bytes((hum.parent / other).read_bytes())
    (tmp_path / name).write_bytes(content)
    voice = tmp_path / "hum.onnx"
    with pytest.raises(
        RenderError, match=rf"^The voice file {voice} cannot be used \(.*\); take another one\.$"
    ) as caught:
        PiperRenderer(voice).render("Hold.", str(voice), 145)
    assert "\n" not in str(caught.value)


def test_a_voice_that_would_use_the_network_is_refused(hum: Path, tmp_path: Path) -> None:
    voice = tmp_path / "other.onnx"
    voice.write_bytes(hum.read_bytes())
    described = json.loads(Path(f"{hum}.json").read_text(encoding="utf-8"))
    Path(f"{voice}.json").write_text(json.dumps({**described, "phoneme_type": "pinyin"}), encoding="utf-8")
    with pytest.raises(RenderError, match="needs parts that piper fetches from the network; take another one"):
        PiperRenderer(voice).render("Hold.", str(voice), 145)


def test_without_piper_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(piper_voice, "installed", nothing)
    with pytest.raises(RenderError, match=r"is not here; install it: pip install 'voice-assist\[piper\]'\.$"):
        PiperRenderer(tmp_path / "hum.onnx")


def test_the_version_tells_one_file_from_another(hum: Path, tmp_path: Path) -> None:
    for name in ("hum.onnx", "hum.onnx.json"):
        (tmp_path / name).write_bytes((hum.parent / name).read_bytes())
    before = PiperRenderer(tmp_path / "hum.onnx").version
    (tmp_path / "hum.onnx").write_bytes(b"another voice")
    assert PiperRenderer(tmp_path / "hum.onnx").version != before


def test_a_child_that_dies_is_an_error_that_names_the_cure(hum: Path) -> None:
    dies = PiperRenderer(hum, command=(sys.executable, "-c", "raise SystemExit(3)"))
    with pytest.raises(RenderError, match=r"The voice broke off, twice, at 'Hold\.'; take another voice file"):
        dies.render("Hold.", str(hum), 145)
