"""What is exported is what was trained, and Vosk reads it."""

from __future__ import annotations

import json
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

pytest.importorskip("torch")

import torch

from scripts.train_model import export, network
from scripts.train_model.cepstra import mfcc
from scripts.train_model.network import STEP, Network, Shape
from voice_assist.config import models_folder
from voice_assist.samples import RATE

SHARED = Path(__file__).resolve().parents[3] / "shared"
FIRST = SHARED / "training" / "checkpoint" / "bi2.pt"
WORDS = SHARED / "audio" / "words"
OURS = models_folder() / "en-small"

needs_first = pytest.mark.skipif(not FIRST.exists(), reason="needs ../shared/training")


def trained(shape: Shape) -> Network:
    """Return a network whose batch-norms have seen something."""
    torch.manual_seed(1)
    made = Network(shape)
    made.get_buffer("mean").copy_(torch.randn(40) * 9)
    made.get_buffer("scale").copy_(torch.rand(40) * 9 + 1)
    made.train()
    with torch.no_grad():
        for _ in range(10):
            made(20 * torch.randn(4, 90, 40))
    return made.eval()


FACTORISED = Shape(units=24, later=((-1, 0, 1), (-2, 0), (0, 1), (0,)), bottleneck=8)


@pytest.mark.parametrize(
    "shape", [Shape(units=16), Shape(units=24, later=((-1, 0, 1), (-4, -2, 0)), contexts=1), FACTORISED]
)
def test_the_folded_layers_compute_what_the_network_does(shape: Shape) -> None:
    made = trained(shape)
    features = (20 * np.random.default_rng(2).standard_normal((100, 40))).astype(np.float32)
    around = np.clip(np.arange(-shape.left, STEP * 33 + shape.right + 1), 0, 99)
    with torch.no_grad():
        expected = made(torch.from_numpy(features[around])[None])[0][0].numpy()
    found = export.scores(export.folded(made), features)
    assert found.shape == (34, 820)
    for context in range(10 // shape.contexts):
        part = found[:, context * shape.scores : (context + 1) * shape.scores]
        assert np.allclose(part, expected, atol=1e-3)


def evenly(values: np.ndarray, _bits: int) -> bytes:
    """Return a matrix as the first model has it: eight bits that part the range of the whole evenly."""
    single = values.astype("<f4")
    if values.size <= export.SMALL:
        return (
            b"FM \x04"
            + struct.pack("<i", len(values))
            + b"\x04"
            + struct.pack("<i", values.shape[1])
            + single.tobytes()
        )
    least, reach = float(single.min()), float(np.ptp(single))
    whole = np.clip(np.rint((single - least) / reach * 255), 0, 255)
    return b"CM3 " + struct.pack("<ffii", least, reach, *values.shape) + whole.astype("u1").tobytes()


@needs_first
def test_the_first_model_is_written_byte_for_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_matrix", evenly)
    export.write_model(network.load(FIRST), tmp_path, bits=8)
    published = SHARED / "models" / "en-small" / "am" / "final.mdl"
    assert (tmp_path / "am" / "final.mdl").read_bytes() == published.read_bytes()


def test_the_model_that_ships_is_set_as_the_recipe_sets_it(tmp_path: Path) -> None:
    export.write_model(trained(Shape(units=16)), tmp_path)
    for name in ("mfcc.conf", "model.conf", "live.conf"):
        assert (tmp_path / "conf" / name).read_bytes() == (OURS / "conf" / name).read_bytes()


def test_phones_are_those_of_our_models(tmp_path: Path) -> None:
    export.write_phones(tmp_path)
    for name in ("phones.txt", "disambig_tid.int", "phones/word_boundary.int"):
        assert (tmp_path / "graph" / name).read_bytes() == (OURS / "graph" / name).read_bytes()


@pytest.mark.parametrize("bits", [7, [8, 8], [8] * 6 + [64]])
def test_bits_that_do_not_fit_are_refused(tmp_path: Path, bits: int | list[int]) -> None:
    with pytest.raises(ValueError, match="7 layers need as many numbers of bits"):
        export.write_model(trained(Shape(units=16)), tmp_path, bits)
    assert not list(tmp_path.iterdir())


def read_columns(written: bytes) -> np.ndarray:
    """Return a matrix of Kaldi's eight bits with a head for each column."""
    assert written[:3] == b"CM "
    least, reach, rows, columns = struct.unpack("<ffii", written[3:19])
    bounds = least + reach / 65535 * np.frombuffer(written, "<u2", 4 * columns, 19).reshape(columns, 4)
    codes = np.frombuffer(written, "u1", rows * columns, 19 + 8 * columns).reshape(columns, rows)
    return np.array([np.interp(codes[at], (0, 64, 192, 255), bounds[at]) for at in range(columns)]).T


def test_eight_bits_are_shared_out_among_the_values_of_each_column() -> None:
    rng = np.random.default_rng(3)
    values = rng.standard_normal((80, 90)) * np.geomspace(0.01, 10, 90)
    values[3, 5] = 200.0
    values[:, 7] = 0.25
    found = read_columns(export._matrix(values, 8))
    assert found.shape == values.shape
    spread = values.std(axis=0)
    lost = np.sqrt(((found - values) ** 2).mean(axis=0))
    assert lost[7] < 200 / 65535
    # One value that is out of all proportion coarsens the bounds of all columns, and the steps of its own alone.
    ordinary = [at for at in range(90) if at not in (5, 7) and spread[at] > 0.2]
    assert max(lost[ordinary] / spread[ordinary]) < 0.05


def test_fewer_bits_make_a_smaller_file(tmp_path: Path) -> None:
    made = trained(Shape(units=96))
    sizes = []
    for bits in (8, 16, 32):
        export.write_model(made, tmp_path, bits)
        sizes.append((tmp_path / "am" / "final.mdl").stat().st_size)
    layers = [layer.weight for layer in export.folded(made)]
    weights, heads = sum(weight.size for weight in layers), sum(8 * weight.shape[1] for weight in layers)
    assert sizes[1] - sizes[0] == pytest.approx(weights - heads, rel=0.01)
    assert sizes[2] - sizes[1] == pytest.approx(2 * weights, rel=0.01)


@needs_first
@pytest.mark.skipif(not WORDS.exists(), reason="needs ../shared/audio")
@pytest.mark.parametrize("bits", [16, [8, 16, 32, 8, 16, 32, 16]])
def test_vosk_hears_the_same_whatever_the_bits(tmp_path: Path, bits: int | list[int]) -> None:
    shutil.copytree(OURS / "graph", tmp_path / "graph")
    shutil.copytree(tmp_path, tmp_path / "eight")
    export.write_model(network.load(FIRST), tmp_path, bits)
    export.write_model(network.load(FIRST), tmp_path / "eight", 8)
    clips = [min((WORDS / word).iterdir()) for word in ("yes", "stop", "left", "seven")]
    grammar = '["yes", "no", "stop", "go", "left", "right", "six", "seven", "[unk]"]'
    assert heard(tmp_path, grammar, clips) == heard(tmp_path / "eight", grammar, clips)
    assert "stop" in heard(tmp_path, grammar, clips)


def heard(model: Path, grammar: str, clips: list[Path]) -> list[str]:
    vosk = pytest.importorskip("vosk")
    vosk.SetLogLevel(-1)
    loaded = vosk.Model(model_path=str(model))
    texts = []
    for clip in clips:
        recognizer = vosk.KaldiRecognizer(loaded, RATE, grammar)
        sound = np.concatenate([soundfile.read(clip, dtype="int16")[0], np.zeros(RATE // 2, np.int16)])
        assert len(mfcc(sound))
        recognizer.AcceptWaveform(sound.tobytes())
        texts.append(str(json.loads(recognizer.FinalResult())["text"]))
    return texts
