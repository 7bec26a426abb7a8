"""A place that wavered is heard again before it is acted on."""

from __future__ import annotations

import pytest

from tests.understand.utterances import (
    ASLEEP,
    AWAKE,
    CALF,
    HAMSTRING,
    MEANINGS,
    OPEN,
    STABLE,
    TIMING,
    again,
    final,
    partial,
)
from voice_assist.events import Context, Hypothesis, Intent
from voice_assist.samples import samples
from voice_assist.understand.commit import NOTHING, Commitment
from voice_assist.understand.second_look import (
    LOOK_WAIT,
    WAVER_WAIT,
    Doubts,
    Look,
)


class TestWavering:
    """A place that was heard otherwise a moment ago is heard again in the words that are expected."""

    @staticmethod
    def wavering(*, then: str = "calf cramp", wavers: int = 1) -> Commitment:
        """Return somebody who has just heard a hamstring, and then something else, and has not acted yet."""
        one = Commitment(lambda text, _: MEANINGS.get(text), TIMING, Doubts(wavers=wavers))
        one.hear(partial("cramp in the hamstring"), ASLEEP, 0)
        one.hear(partial(then), ASLEEP, 1)
        return one

    @pytest.mark.parametrize("context", [ASLEEP, AWAKE])
    def test_it_is_acted_on_when_the_same_place_is_heard(self, context: Context) -> None:
        one = self.wavering()
        assert one.hear(final("calf cramp"), context, samples(3.0)).look == Look(samples(1.0), expected=True)
        assert one.hear(again("my calf cramp"), context, samples(3.1)).intent is CALF

    @pytest.mark.parametrize("heard", ["cramp", "the weather", ""])
    def test_no_place_leaves_a_start_without_one_at_the_utterances_end(self, heard: str) -> None:
        one = self.wavering()
        one.hear(final("calf cramp"), ASLEEP, samples(3.0))
        left = one.hear(again(heard), ASLEEP, samples(3.1)).intent
        assert left is not None
        assert (left.name, left.vague) == ("cramp", True)
        assert left.slots == {"place": "unknown", "who": "them", "maybe": "calf"}

    @pytest.mark.parametrize(
        ("behind", "place", "maybe"),
        [(2.0, "hamstring", "calf hamstring"), (0.3, "unknown", "calf hamstring")],
    )
    def test_another_place_counts_as_far_as_it_is_likely(self, behind: float, place: str, maybe: str) -> None:
        """`behind`: how much less likely the place is that was told first."""
        one = self.wavering()
        one.hear(final("calf cramp"), ASLEEP, samples(3.0))
        rivals = (("the weather", 0.1), ("calf cramp", behind))
        heard = Hypothesis("cramp in the hamstring", final=True, again=True, rivals=rivals)
        left = one.hear(heard, ASLEEP, samples(3.1)).intent
        assert left is not None
        assert (left.slots["place"], left.slots["maybe"], left.slots["who"]) == (place, maybe, "them")
        assert left.vague is (place == "unknown")

    @pytest.mark.parametrize("behind", [0.1, 2.0])
    def test_another_place_that_is_less_likely_does_not_count(self, behind: float) -> None:
        one = self.wavering()
        one.hear(final("calf cramp"), ASLEEP, samples(3.0))
        rivals = (("the weather", 0.1), ("cramp in the hamstring", behind))
        heard = Hypothesis("calf cramp", final=True, again=True, rivals=rivals)
        assert one.hear(heard, ASLEEP, samples(3.1)).intent is CALF

    def test_before_the_end_another_place_is_waited_for(self) -> None:
        one = self.wavering()
        assert one.tick(STABLE + 1, TIMING.settled).look == Look(0, expected=True)
        assert one.hear(again("cramp in the hamstring"), ASLEEP, STABLE + 2) == NOTHING
        # The whole of it is heard again.
        assert one.hear(final("calf cramp"), ASLEEP, samples(3.0)).look is not None
        assert one.hear(again("calf cramp"), ASLEEP, samples(3.1)).intent is CALF

    @pytest.mark.parametrize(("wavers", "looked"), [(0, False), (1, True)])
    def test_it_is_heard_again_once_it_is_quiet_or_long_the_same(self, wavers: int, *, looked: bool) -> None:
        """Half a word sounds like another one; what does not waver is acted on at once."""
        one = self.wavering(wavers=wavers)
        assert (one.tick(STABLE + 1, TIMING.settled - 1).intent is CALF) is not looked
        assert (one.tick(1 + TIMING.pause).look is not None) is looked

    def test_an_utterance_that_ends_meanwhile_is_not_lost(self) -> None:
        one = self.wavering()
        assert one.tick(STABLE + 1, TIMING.settled).look is not None
        assert one.hear(final("calf cramp"), ASLEEP, STABLE + 2) == NOTHING
        left = one.hear(again("the weather"), ASLEEP, STABLE + 3).intent
        assert left is not None
        assert left.vague

    def test_what_is_sure_takes_the_place_of_what_is_still_looked_at(self) -> None:
        one = Commitment(lambda text, _: MEANINGS.get(text), TIMING, Doubts(brief=2))
        assert one.hear(final("calf cramp"), ASLEEP, samples(3.0)).look is not None
        assert one.hear(final("cramp in the hamstring"), ASLEEP, samples(3.1)).intent is HAMSTRING
        assert one.hear(again("calf cramp"), ASLEEP, samples(3.2)) == NOTHING

    def test_nobody_answers_and_the_first_hearing_counts(self) -> None:
        one = self.wavering()
        one.hear(final("calf cramp"), ASLEEP, samples(3.0))
        assert one.tick(samples(3.0) + LOOK_WAIT).intent is None
        assert one.tick(samples(3.0) + WAVER_WAIT).intent is CALF

    @pytest.mark.parametrize(("wavers", "looked"), [(0, False), (2, True), (3, False)])
    def test_without_another_place_it_takes_as_many_words_as_the_model_asks_for(
        self, wavers: int, *, looked: bool
    ) -> None:
        one = Commitment(lambda text, _: MEANINGS.get(text), TIMING, Doubts(wavers=wavers))
        one.hear(partial("my own weather"), ASLEEP, 0)
        one.hear(partial("my"), ASLEEP, 1)  # two words are taken back
        assert (one.hear(final("my calf"), ASLEEP, samples(3.0)).look is not None) is looked

    def test_what_goes_on_has_not_wavered(self) -> None:
        meanings = {"my back": HAMSTRING, "my back of the calf": CALF}
        one = Commitment(lambda text, _: meanings.get(text), TIMING, Doubts(wavers=1))
        one.hear(partial("my back"), ASLEEP, 0)
        assert one.hear(final("my back of the calf"), ASLEEP, samples(3.0)).intent is CALF

    def test_of_several_places_none_is_dropped(self) -> None:
        both = Intent("cramp", "start", {"place": "calf", "places": "calf chest"}, unnamed={"place": "unknown"})
        one = Commitment(lambda text, _: {**MEANINGS, "both": both}.get(text), TIMING, Doubts(wavers=1))
        one.hear(partial("cramp in the hamstring"), ASLEEP, 0)
        assert one.hear(final("both"), ASLEEP, samples(3.0)).intent is both

    def test_a_start_without_a_place_has_none_that_could_waver(self) -> None:
        one = self.wavering(then="cramp")
        assert one.hear(final("cramp in the"), ASLEEP, samples(3.0)).intent is OPEN

    @pytest.mark.parametrize("wavers", [0, 100])
    def test_another_place_is_enough_unless_the_model_asks_for_nothing(self, wavers: int) -> None:
        one = self.wavering(wavers=wavers)
        assert (one.hear(final("calf cramp"), ASLEEP, samples(3.0)).look is not None) is (wavers > 0)

    def test_the_next_utterance_begins_with_a_clean_slate(self) -> None:
        one = self.wavering()
        one.hear(final("the weather"), ASLEEP, samples(1.0))
        one.hear(partial("calf"), ASLEEP, samples(9.0))
        assert one.hear(final("calf cramp"), ASLEEP, samples(9.1)).intent is CALF

    def test_what_is_doubted_for_talk_as_well_is_heard_three_times(self) -> None:
        one = Commitment(lambda text, _: MEANINGS.get(text), TIMING, Doubts(brief=2, wavers=1))
        one.hear(partial("the weather"), ASLEEP, 0)
        assert one.hear(final("calf cramp"), ASLEEP, samples(3.0)).look == Look(samples(1.0))
        assert one.hear(again("calf cramp"), ASLEEP, samples(3.1)).look == Look(samples(1.0), expected=True)
        assert one.hear(again("calf cramp"), ASLEEP, samples(3.2)).intent is CALF
