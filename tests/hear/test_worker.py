from __future__ import annotations

import os
import re
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from voice_assist.errors import ModelError
from voice_assist.events import Hypothesis
from voice_assist.hear import worker
from voice_assist.hear.process import Child
from voice_assist.hear.vosk import VoskRecognizer
from voice_assist.hear.worker import SupervisedRecognizer, open_recognizer
from voice_assist.samples import BLOCK, Samples, samples, silence

GRAMMAR = ("my calf is cramping", "stop", "wait", "left", "right", "better")
LONG_ENOUGH = 2000
"""Calls that ask for a late answer, each of which waits up to PATIENCE; only a failure needs them all."""

Say = Callable[[str], Samples]
posix = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")


@contextmanager
def opened(folder: Path, *, patient: bool = True, **limits: float) -> Iterator[SupervisedRecognizer]:
    recognizer = SupervisedRecognizer(folder, GRAMMAR, patient=patient, **limits)  # type: ignore[arg-type]
    try:
        yield recognizer
    finally:
        recognizer.close()


def blocks(pcm: Samples) -> Iterator[Samples]:
    for at in range(0, len(pcm), BLOCK):
        yield pcm[at : at + BLOCK]


def hear(recognizer: SupervisedRecognizer, pcm: Samples) -> list[Hypothesis]:
    """Accept sound, finish, and ask for what is late until the utterance is there."""
    found = [new for block in blocks(pcm) for new in recognizer.accept(block)]
    found += recognizer.finish()
    for _ in range(LONG_ENOUGH):
        if any(hypothesis.final for hypothesis in found):
            break
        found += recognizer.accept(silence(0)) or wait_for_a_start(recognizer)
    return found


def wait_for_a_start(recognizer: SupervisedRecognizer) -> list[Hypothesis]:
    """Live, no call waits while a child starts: wait here for its reply instead of asking again and again."""
    if not recognizer._ready:
        recognizer._take(recognizer._child.replies.get(timeout=worker.START))
    return []


def final(found: list[Hypothesis]) -> Hypothesis:
    [hypothesis] = [hypothesis for hypothesis in found if hypothesis.final]
    return hypothesis


def test_it_hears_what_the_engine_hears(model: Path, say: Say) -> None:
    pcm = say("my calf is cramping")
    engine = VoskRecognizer(model, GRAMMAR)
    alone = [*engine.accept(pcm), *engine.finish()]
    recognizer = open_recognizer(model, (*GRAMMAR, "my frobnitz"), patient=True)
    assert recognizer.name == "en-small"
    assert recognizer.missing == {"frobnitz"}
    assert hear(recognizer, pcm) == alone
    assert not recognizer.troubles()
    recognizer.close()
    recognizer.close()


def test_a_child_that_was_started_ahead_serves_and_is_waited_for_last(model: Path, say: Say) -> None:
    done: list[str] = []
    child = Child(model)
    recognizer = open_recognizer(model, GRAMMAR, patient=True, child=child, meanwhile=lambda: done.append("read"))
    assert (recognizer.pid, done) == (child.pid, ["read"])
    assert final(hear(recognizer, say("stop"))).text == "stop"
    recognizer.close()


@posix
def test_what_goes_wrong_meanwhile_leaves_no_child(model: Path) -> None:
    child = Child(model)
    with pytest.raises(ZeroDivisionError):
        open_recognizer(model, GRAMMAR, patient=True, child=child, meanwhile=lambda: 1 // 0)
    assert child.fate() == "was killed by signal 9"


def test_a_closed_one_refuses_sound(model: Path) -> None:
    with opened(model) as recognizer:
        recognizer.close()
        with pytest.raises(ValueError, match="closed"):
            recognizer.accept(silence(BLOCK))


@posix
@pytest.mark.parametrize("patient", [True, False], ids=["recording", "live"])
@pytest.mark.parametrize("blow", ["SIGKILL", "SIGSTOP", "SIGABRT"])
def test_a_word_is_heard_although_the_child_falls_in_the_middle(
    model: Path, say: Say, blow: str, *, patient: bool
) -> None:
    pcm = say("my calf is cramping")
    middle = samples(1.5)
    # Only one that is stopped must be missed soon; else a busy machine would look like a second fall.
    with opened(model, patient=patient, hang=1.0 if blow == "SIGSTOP" else 60.0) as recognizer:
        found = [new for block in blocks(pcm[:middle]) for new in recognizer.accept(block)]
        fallen = recognizer.pid
        os.kill(fallen, getattr(signal, blow))
        found += hear(recognizer, pcm[middle:])
        assert final(found).text == "my calf is cramping"
        assert final(found).words == final(hear_alone(model, pcm)).words
        assert recognizer.pid != fallen
        [told] = recognizer.troubles()
        assert told.startswith("The recognizer ")
        assert not recognizer.troubles()


def hear_alone(model: Path, pcm: Samples) -> list[Hypothesis]:
    engine = VoskRecognizer(model, GRAMMAR)
    return [*engine.accept(pcm), *engine.finish()]


@posix
def test_what_was_told_is_not_told_again_by_the_next_child(model: Path, say: Say) -> None:
    with opened(model) as recognizer:
        assert final(hear(recognizer, say("stop"))).text == "stop"
        os.kill(recognizer.pid, signal.SIGKILL)
        quiet = silence(samples(1.0))
        assert not [*recognizer.accept(quiet), *recognizer.finish()]
        assert len(recognizer.troubles()) == 1
        found = hear(recognizer, say("wait"))
        assert final(found).text == "wait"
        assert final(found).words[0].start > len(say("stop")) + len(quiet)


def test_a_second_look_is_taken_in_the_child(model: Path, say: Say) -> None:
    with opened(model) as recognizer:
        before = say("stop")
        hear(recognizer, before)
        hear(recognizer, say("the weather is better"))
        [again] = recognizer.look_again(len(before))
        assert again.again
        assert "weather" in again.text


@posix
def test_a_second_look_after_a_restart_knows_what_was_fed_again(model: Path, say: Say) -> None:
    pcm = say("the weather is better")[: -samples(0.9)]
    with opened(model) as recognizer:
        hear(recognizer, say("stop"))
        before = len(say("stop"))
        recognizer.accept(pcm)
        os.kill(recognizer.pid, signal.SIGKILL)
        # Asked for answers, it finds the child dead, starts another and feeds it what was not finished.
        recognizer.accept(silence(BLOCK))
        [again] = recognizer.look_again(before)
        assert recognizer.troubles()
        assert "weather" in again.text


@posix
def test_reset_drops_what_is_on_its_way(model: Path, say: Say) -> None:
    with opened(model, patient=False, hang=60.0) as recognizer:
        os.kill(recognizer.pid, signal.SIGSTOP)
        recognizer.accept(say("my calf is cramping"))
        recognizer.finish()
        recognizer.reset()
        os.kill(recognizer.pid, signal.SIGCONT)
        found = hear(recognizer, say("stop"))
        assert [hypothesis.text for hypothesis in found if hypothesis.final] == ["stop"]
        assert final(found).words[0].end < len(say("stop"))
        assert not recognizer.troubles()


@posix
def test_one_that_dies_again_and_again_ends_in_one_line(model: Path) -> None:
    def kill_again_and_again() -> None:
        for _ in range(worker.DEATHS):
            os.kill(recognizer.pid, signal.SIGKILL)
            recognizer.accept(silence(BLOCK))

    with opened(model) as recognizer:
        with pytest.raises(ModelError, match=r"killed by signal 9, 5 times in a minute.*--model"):
            kill_again_and_again()
        assert len(recognizer.troubles()) == worker.DEATHS - 1


SWELLS = """
from voice_assist.hear import child

obey, hoard = child._obey, []


def swell(recognizer, request):
    hoard.append(b"x" * 2**20)
    return obey(recognizer, request)


child._obey = swell
child.main()
"""
"""A recognizer that keeps a megabyte of each piece of sound: it is replaced in the middle of the word."""


def swelling(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Child:
    start = subprocess.Popen
    with monkeypatch.context() as other:
        other.setattr(
            subprocess, "Popen", lambda command, **more: start([command[0], "-c", SWELLS, command[3]], **more)
        )
        return Child(folder)


def test_one_that_swells_is_replaced_without_losing_the_word(
    model: Path, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    growth, child = 2**26, swelling(model, monkeypatch)
    with closing(SupervisedRecognizer(model, GRAMMAR, patient=True, growth=growth, child=child)) as recognizer:
        if not recognizer._most > growth:
            pytest.skip("this system does not tell a process's memory")
        assert recognizer.pid == child.pid
        assert final(hear(recognizer, say("stop"))).text == "stop"
        assert recognizer.pid != child.pid
        (told,) = recognizer.troubles()
        assert re.fullmatch(r"The recognizer took \d+ MB of memory and was started again\.", told)


@pytest.mark.parametrize("file", ["am/final.mdl", "graph/HCLr.fst", "graph/words.txt"])
def test_a_corrupt_model_is_one_line(model: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], file: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model, folder, copy_function=shutil.copyfile)
    whole = (folder / file).read_bytes()
    (folder / file).write_bytes(whole[: len(whole) // 2] if file != "graph/words.txt" else b"\x00\xff garbage\n")
    with pytest.raises(ModelError) as caught:
        open_recognizer(folder, GRAMMAR, patient=True)
    message = str(caught.value)
    assert str(folder) in message
    assert "--model" in message
    assert "\n" not in message
    assert capfd.readouterr() == ("", "")


@posix
def test_ctrl_c_leaves_the_child_alone(model: Path, say: Say) -> None:
    with opened(model) as recognizer:
        os.kill(recognizer.pid, signal.SIGINT)
        assert final(hear(recognizer, say("stop"))).text == "stop"
        assert not recognizer.troubles()


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux can wait for another's child")
def test_the_child_ends_with_its_parent(model: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from voice_assist.hear.worker import open_recognizer\n"
        "print(open_recognizer(Path(sys.argv[1]), ['stop'], patient=True).pid, flush=True)\n"
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(model)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout
        child = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    ended, _, _ = select.select([child], [], [], 30.0)
    os.close(child)
    assert ended
