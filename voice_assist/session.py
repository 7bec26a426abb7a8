"""The core: microphone samples go in, loudspeaker samples come out, and the clock is the samples heard.

    canceller ─▶ gate ─▶ recognizer ─▶ own words out ─▶ commit ─▶ dialogue ─▶ playout

A session does the same whether it is fed by a microphone, a recording, a simulated room or a journal,
and however its input is cut: it steps in blocks of BLOCK samples. What comes out at sample n was
decided by what went in before n.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from voice_assist.content import Pack
from voice_assist.content.person import follow
from voice_assist.events import Action, Changed, Heard, Hypothesis, Intent, Trouble, Unclear, Understood
from voice_assist.guide.absence import broken_off
from voice_assist.guide.dialogue import Dialogue
from voice_assist.guide.notices import Notices
from voice_assist.guide.orders import Hush, Loudness, Order, Speak, Unanswered, as_action
from voice_assist.guide.pacing import Pace
from voice_assist.hear.barge_in import over
from voice_assist.hear.canceller import EchoCanceller, NoCanceller
from voice_assist.hear.ears import Ears
from voice_assist.hear.gate import Passed
from voice_assist.hear.quiet_check import NoCheck, SelfCheck
from voice_assist.hear.recognizer import Recognizer
from voice_assist.hear.voice_activity import VoiceActivity
from voice_assist.samples import BLOCK, Blocks, Lined, Samples, samples, seconds, silence
from voice_assist.speak.ducking import Ducking
from voice_assist.speak.loudness import Volume
from voice_assist.speak.manner import Manner
from voice_assist.speak.playout import Playout
from voice_assist.speak.utterances import Utterances
from voice_assist.speak.voice import Voice
from voice_assist.understand.commit import UNCALIBRATED, Commitment, Decision, Timing, steers
from voice_assist.understand.matcher import Matcher
from voice_assist.understand.second_look import UNDOUBTED, Doubts

FOLLOWED = ("start", "emergency", "urgent")
"""Kinds of intents by whose loudness ours goes."""


class Session:
    """One assistant: hears, understands, guides, speaks. Not for use from two threads."""

    def __init__(
        self,
        pack: Pack,
        recognizer: Recognizer,
        voice: Voice,
        voice_activity: VoiceActivity,
        manner: Manner | None = None,
        person: Mapping[str, bool] | None = None,
        *,
        timing: Timing = UNCALIBRATED,
        doubts: Doubts = UNDOUBTED,
        canceller: EchoCanceller | None = None,
        self_check: SelfCheck | None = None,
    ) -> None:
        """Take the subject, the ears, the voice, and what is known of the person by the pack's names for it.

        `timing` is how long the recognizer is waited for, and `doubts` what it is asked to hear twice; `canceller`
        takes our own voice out of what is heard; `self_check` may play probes while nobody speaks.

        The session closes the recognizer in `close()`.
        """
        manner = manner or Manner()
        self._recognizer = recognizer
        self._voice = voice
        self._self_check = self_check or NoCheck()
        self._ears = Ears(voice_activity, canceller or NoCanceller())
        self._ducking = Ducking()
        match = Matcher(pack.lexicon).match
        self._commitment = Commitment(match, timing, doubts)
        # The same for what is heard in the few words that are said over our voice.
        self._orders = Commitment(match, timing)
        known = follow(person or {}, pack.person)
        self._dialogue = Dialogue(pack.guide, lambda text: len(voice.sound(text)), Pace(manner.pause), known)
        self._volume = Volume(manner.volume, manner.loudest)
        self._above = 0.0
        # The first block out is silent, so that as much can be spoken as was heard, at any time.
        self._playout = Playout(now=BLOCK, gain=self._volume.now)
        self._out = Lined()
        self._out.push(silence(BLOCK))
        self._blocks = Blocks()
        self._now = self._origin = 0
        self._ended = True
        self._last_heard = ""
        self._utterances = Utterances(self._playout)
        self._playing = silence(BLOCK)
        self._notices = Notices(pack.notices, lambda text: len(voice.sound(text)), self._dialogue.standing)
        self._notice_ends = 0
        self._state = self.state
        self._actions: list[Action] = []

    @property
    def now(self) -> int:
        """Samples heard in whole blocks: the session's clock."""
        return self._now

    @property
    def idle(self) -> bool:
        """True where nothing is said, nothing more will be unless somebody speaks, and nobody does."""
        return self._dialogue.at_rest and not self._playout.busy and self._ended

    @property
    def state(self) -> str:
        """The dialogue's state, as the journal names it."""
        return self._dialogue.state.value

    @property
    def unanswered(self) -> int:
        """How many quiet questions of this night nobody has answered."""
        return self._dialogue.night.unanswered

    @property
    def echo_delay(self) -> float | None:
        """Seconds by which the microphone hears us late; None where it does not, as far as is known."""
        return seconds(self._ears.echo.lag) if self._ears.echo.present and self._ears.echo.lag is not None else None

    def hear(self, pcm: Samples) -> None:
        """Take in sound: mono int16 at RATE, of any length."""
        for block in self._blocks.push(pcm):
            self._step(block)

    def gap(self, count: int) -> None:
        """Take note that `count` samples were lost: time passes, nothing is heard."""
        for _ in self._blocks.push(silence(count)):
            self._step(None)

    def absent(self, count: int) -> None:
        """Take note that `count` samples, whole blocks, went by in which we did not run: the machine was suspended."""
        self._carry_out(broken_off(self._dialogue, self._now, count))
        self._actions += self._utterances.told(self._playout.skip(count))
        self._commitment.forget()
        self._orders.forget()
        self._recognizer.reset()
        self._ended, self._last_heard = True, ""
        self._ears.gap(count)
        self._now += count

    def type(self, text: str) -> None:
        """Take in a typed utterance, now."""
        self._take(Hypothesis(" ".join(text.lower().split()), final=True, typed=True))

    def speak(self, count: int) -> Samples:
        """Return exactly `count` samples for the loudspeaker.

        Whoever asks for no more than was heard gets the sound in lockstep with the clock; whoever
        asks ahead gets silence, and our voice comes that much later.
        """
        return self._out.take(count)

    def played(self, utterance: int, count: int) -> None:
        """Take note that `count` samples of an utterance have come out of the loudspeaker by now."""
        sounding = self._utterances.sounding
        if sounding and sounding.utterance == utterance:
            self._ears.echo.told = max(0, self._now - sounding.at - count)

    def act(self, intent: Intent) -> None:
        """Do what an intent asks for, as if it had just been heard."""
        self._do(intent)

    def taught(self, times: int) -> None:
        """Take in how often it was said in this room, on other days, that there was nothing."""
        self._dialogue.night.taught(times)
        self._commitment.taught(self._dialogue.night.false_alarms)

    def in_room(self, echo_delay: float | None) -> None:
        """Take in by how many seconds the microphone heard us late on other days; while we speak it is measured."""
        self._ears.echo.lag = None if echo_delay is None else samples(echo_delay)

    def trouble(self, what: str) -> None:
        """Take note that something around the session does not work; it is told like all else."""
        self._actions.append(Trouble(self._now, what))

    def quiet_hours(self, *, on: bool) -> None:
        """Take in that the hours begin, or end, in which nothing is said unasked but that nobody would be heard."""
        self._dialogue.standing.quiet = on

    def night(self, *, on: bool, unanswered: int = 0) -> None:
        """Take in that the night begins, or ends; so many of its quiet questions got no answer before we began."""
        self._dialogue.night.hours(night=on, unanswered=unanswered)
        self._dialogue.standing.night = on
        self._commitment.taught(self._dialogue.night.false_alarms)

    def stand(self, troubles: Iterable[str], untold: Iterable[str] = ()) -> None:
        """Take in what a check found, by the pack's names (check.yaml), in place of what the last one did.

        It is told to whoever asks; what is `untold` also once to whoever speaks next, but to nobody with a cramp and
        not in quiet hours.
        """
        self._dialogue.standing.found(troubles, untold)

    def remind(self, names: Iterable[str]) -> None:
        """Take in what is due to be asked or told once, by the pack's names (diary.yaml), in place of what was.

        It comes with what is news: to nobody with a cramp, and not in quiet hours nor at night.
        """
        self._dialogue.standing.remind(names)

    def lack(self, devices: Iterable[str]) -> None:
        """Take in which devices are lost now, by the names of notices; it is told to whoever asks."""
        self._dialogue.standing.lack(devices)

    def know(self, values: Mapping[str, str]) -> None:
        """Take in what stands for placeholders in lines from now on (`voice_assist.guide.told`).

        A line that was not prepared by the voice takes the time to be rendered when it is said.
        """
        self._dialogue.told.know(values)

    def say(self, text: str) -> int:
        """Say a line now, or after what is being said; return its length in samples. The guide takes no note of it."""
        self._say(Speak(text, self._now))
        return len(self._voice.sound(text))

    def notice(self, name: str) -> None:
        """Say the pack's line of a fault of a device once nothing else is said; nothing where it has none."""
        self._notices.add(name, self._now)

    def withdraw(self, name: str) -> None:
        """Leave a notice unsaid, or break it off: it is true no more, and whoever is heard again is not spoken over."""
        self._notices.withdraw(name)
        if name == self._notices.said and self._playout.busy and self._playout.end == self._notice_ends:
            self._hush()
            self._notice_ends = self._now

    def forget_person(self) -> None:
        """Forget what is known of the person: from now on the careful path is taken."""
        self._dialogue.forget_person()
        self.know({"number": "", "call_name": ""})

    def actions(self) -> tuple[Action, ...]:
        """Return what happened since the last call, in order."""
        happened, self._actions = self._actions, []
        return tuple(happened)

    def close(self) -> None:
        """Let go of the recognizer."""
        self._recognizer.close()

    # One block

    def _step(self, block: Samples | None) -> None:
        self._now += BLOCK
        quiet = self._listen(block)
        self._decide(self._orders.tick(self._now, quiet), over_us=True)
        self._decide(self._commitment.tick(self._now, quiet))
        self._carry_out(self._dialogue.tick(self._now))
        self._say_notices()
        pcm, marks = self._playout.block()
        pcm = self._ducking.block(pcm, others=self._ears.others)
        self._playing = pcm
        free = self.idle and self.state == "asleep" and not self._dialogue.standing.quiet
        self._out.push(self._self_check.block(block, pcm, free=free))
        self._actions += self._utterances.told(marks)

    def _listen(self, block: Samples | None) -> int:
        """Take in a block; return for how many samples nobody has spoken."""
        passed = None
        if block is None:
            self._ears.gap(BLOCK)
        else:
            passed = self._ears.push(block, self._playing, self._now)
            self._obey()
        if passed:
            self._above = passed.above if passed.opened else max(self._above, passed.above)
        if passed and passed.opened:
            self._recognizer.reset()
            self._origin = passed.start
        # Asked with nothing to give, too: an engine in another process may have an answer by now.
        sound = passed.pcm if passed else silence(0)
        for heard in self._recognizer.accept(sound, barge_in=self._ears.over_us.lasts(self._now)):
            self._take(heard)
        if passed and self._over(passed):
            self._ended = True
            for heard in self._recognizer.finish():
                self._take(heard)
        for what in self._recognizer.troubles():
            self.trouble(what)
        return passed.quiet if passed else 0

    def _over(self, passed: Passed) -> bool:
        """Tell whether the utterance is over with this block."""
        if passed.quiet == 0 and len(passed.pcm):
            self._ended = False
        if self._ended:
            return False
        if passed.closed:
            return True
        lost = self._last_heard and self._commitment.candidate is None and self._orders.candidate is None
        # Over a notice somebody is rather called for than told to stop.
        if self._playout.busy and not lost and self._now >= self._notice_ends:
            return over(passed.quiet, passed.soft)
        return passed.quiet >= self._commitment.ends_after(heard=bool(self._last_heard))

    def _take(self, heard: Hypothesis) -> None:
        if heard.barge_in:
            self._take_order(self._ears.order(heard, self._now))
            return
        if heard.again:
            self._actions.append(Heard(self._now, heard))
            self._decide(self._commitment.hear(heard, self._dialogue.context, self._now))
            return
        if heard.over_us:  # A journal tells it: there is no sound to tell it from.
            self._ears.over_us.heard(self._now)
        heard = self._ears.without_us(heard.later(self._origin), self._now)
        if heard.text == self._last_heard and (not heard.final or not heard.text):
            return
        self._actions.append(Heard(self._now, heard))
        self._last_heard = "" if heard.final else heard.text
        if heard.text and not heard.echo:
            self._dialogue.voice_heard(self._now)
        decision = self._commitment.hear(heard, self._dialogue.context, self._now)
        if heard.typed and decision.unclear:
            self._actions.append(Unclear(self._now))
        self._decide(decision)

    def _take_order(self, heard: Hypothesis) -> None:
        """Take in what was heard in the few words that are said over our voice."""
        self._ears.over_us.take(heard, self._now)
        if not self._obey():
            self._actions.append(Heard(self._now, heard))

    def _obey(self) -> bool:
        """Hear the latest order over our voice, once it is believed."""
        order = self._ears.over_us.believed(self._now)
        if order:
            self._actions.append(Heard(self._now, order))
            self._decide(self._orders.hear(order, self._dialogue.context, self._now), over_us=True)
        return order is not None

    def _decide(self, decision: Decision, *, over_us: bool = False) -> None:
        if decision.intent is not None:
            if steers(decision.intent) and not self._ears.over_us.admit(self._now):
                return
            if over_us:
                self._commitment.done(decision.intent)
            elif self._ears.over_us.lasts(self._now):
                self._orders.done(decision.intent)
            self._do(decision.intent)
        elif decision.look is not None:
            since = max(0, decision.look.since - self._origin)
            for heard in self._recognizer.look_again(since, expected=decision.look.expected):
                self._take(heard)
        elif decision.unclear and not over_us:
            self._carry_out(self._dialogue.unclear(self._now))

    def _do(self, intent: Intent) -> None:
        self._actions.append(Understood(self._now, intent))
        if intent.kind in FOLLOWED and self._above:
            self._volume.follow(self._above)
        self._carry_out(self._dialogue.handle(intent, self._now))
        self._commitment.taught(self._dialogue.night.false_alarms)

    def _carry_out(self, orders: Iterable[Order]) -> None:
        for order in orders:
            if isinstance(order, Speak):
                self._say(order)
            elif isinstance(order, Hush):
                self._hush()
            elif isinstance(order, Loudness):
                self._volume.change(order.steps)
            elif isinstance(order, Unanswered):
                self._volume.unanswered()
            else:
                self._actions.append(as_action(order, self._now, self._ears.noise))
        self._set_volume()
        self._note_state()

    def _say_notices(self) -> None:
        """Say the next notice where it disturbs nothing: in a pause that it fits into, or after a long wait in any."""
        if self._playout.busy or not self._ended:
            return
        if text := self._notices.next(self._now, self._dialogue.due):
            self._say(Speak(text, self._now))
            self._notice_ends = self._playout.end

    def _set_volume(self) -> None:
        if self.idle:
            self._volume.rest()
        if self._playout.gain != self._volume.now:
            self._playout.set_gain(self._volume.now)

    def _say(self, order: Speak) -> None:
        pcm = self._voice.sound(order.text)
        start = self._utterances.say(order.text, pcm, order.at)
        self._ears.own.said(order.text, start, len(pcm))

    def _hush(self) -> None:
        self._utterances.hush()
        self._ears.own.cut(self._now)

    def _note_state(self) -> None:
        state = self.state
        if state != self._state:
            self._actions.append(Changed(self._now, self._state, state))
            self._state = state
