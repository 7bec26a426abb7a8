from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_assist import config
from voice_assist.errors import SettingsError


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def faults(file: Path) -> list[str]:
    with pytest.raises(SettingsError) as error:
        config.load(file)
    return str(error.value).splitlines()


def test_no_file_in_the_users_folder_means_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VOICE_ASSIST_SETTINGS", raising=False)
    monkeypatch.setattr("platformdirs.user_config_path", lambda *_, **__: tmp_path / "nowhere")
    assert config.load() == config.Settings()


def test_the_environment_names_another_file(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.write_text('voice = "en-gb"\n')
    monkeypatch.setenv("VOICE_ASSIST_SETTINGS", str(settings))
    assert config.load().voice == "en-gb"


def test_a_file_asked_for_by_name_must_be_there(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "no such settings file" in faults(settings)[0]
    monkeypatch.setenv("VOICE_ASSIST_SETTINGS", str(settings))
    with pytest.raises(SettingsError, match="no such settings file"):
        config.load()


def test_every_setting_is_read(settings: Path, tmp_path: Path) -> None:
    settings.write_text(
        """
        profile = "workout"
        model = "models/mine"
        content = "pack"
        voice = "en-gb"
        rate = 150
        volume = -3.5
        loudest = 3
        pause = 2
        microphone = "USB"
        loudspeaker = "Desk"
        emergency_number = "112"
        advice_line = "116 117"
        echo_cancellation = false
        quiet_hours = "22:00 - 07:00"
        keep_awake = false
        cache = "kept"
        """
    )
    assert config.load(settings) == config.Settings(
        profile="workout",
        model=str(tmp_path / "models/mine"),
        content=tmp_path / "pack",
        voice="en-gb",
        rate=150,
        volume=-3.5,
        loudest=3,
        pause=2,
        microphone="USB",
        loudspeaker="Desk",
        emergency_number="112",
        advice_line="116 117",
        echo_cancellation=False,
        quiet_hours="22:00-07:00",
        keep_awake=False,
        cache=tmp_path / "kept",
    )


def test_a_model_without_a_slash_is_a_name(settings: Path) -> None:
    settings.write_text('model = "vosk-model-small-en-us-0.15"')
    assert config.load(settings).model == "vosk-model-small-en-us-0.15"


@pytest.mark.parametrize("profile", config.PROFILES)
def test_a_profile_gives_the_defaults(settings: Path, profile: str) -> None:
    settings.write_text(f'profile = "{profile}"')
    loaded = config.load(settings)
    defaults = config.PROFILES[profile]
    assert {name: getattr(loaded, name) for name in vars(defaults)} == vars(defaults)


@pytest.mark.parametrize("profile", config.PROFILES)
@pytest.mark.parametrize(
    ("lines", "volume", "loudest"),
    [
        ("loudest = -20", -20, -20),  # a ceiling is one for the profile's own volume, too
        ("volume = 9", 9, 9),  # whoever chose a volume only gets it
        ("volume = -15\nloudest = -15", -15, -15),
    ],
)
def test_no_volume_is_above_the_ceiling(
    settings: Path, profile: str, lines: str, volume: float, loudest: float
) -> None:
    settings.write_text(lines)
    for loaded in (config.load(settings, profile=profile), config.salvaged(settings)):
        assert (loaded.volume, loaded.loudest) == (volume, loudest)


def test_a_volume_above_the_ceiling_that_stands_beside_it_is_a_fault(settings: Path) -> None:
    settings.write_text("loudest = -20\nvolume = -12\n")
    assert faults(settings) == [f"{settings}:2: volume is -12; it must not be above loudest, -20 dB"]
    assert config.salvaged(settings).volume == -20


def test_what_can_be_read_of_a_file_with_faults_is_read(settings: Path) -> None:
    settings.write_text('volume 3\nloudest = -20\nquiet_hours = "22:00-07:00"\nloudspeaker = "Desk"\nrate = 150\n')
    found = config.salvaged(settings)
    assert (found.loudest, found.volume, found.quiet_hours, found.loudspeaker) == (-20, -20, "22:00-07:00", "Desk")
    assert found.rate == config.Settings.rate, "not needed to tell of a fault"
    settings.write_bytes(b"\xff\nloudest = 99\nprofile = 3\n")
    assert config.salvaged(settings) == config.Settings()
    assert config.salvaged(settings.parent) == config.Settings()


def test_what_the_file_says_outranks_the_profile(settings: Path) -> None:
    settings.write_text("volume = 3")
    loaded = config.load(settings, profile="workout")
    assert (loaded.profile, loaded.volume, loaded.pause) == ("workout", 3, config.PROFILES["workout"].pause)


def test_the_profiles_keep_to_the_ranges_of_the_file(settings: Path) -> None:
    for profile in config.PROFILES.values():
        settings.write_text("\n".join(f"{name} = {value}" for name, value in vars(profile).items()))
        loaded = config.load(settings)
        assert {name: getattr(loaded, name) for name in vars(profile)} == vars(profile)


def test_no_emergency_number_is_guessed() -> None:
    assert config.Settings().emergency_number == ""


@pytest.mark.parametrize(
    ("typo", "right"),
    [("volum", "volume"), ("micophone", "microphone"), ("emergency-number", "emergency_number"), ("Rate", "rate")],
)
def test_a_typo_names_the_nearest_setting_and_its_line(settings: Path, typo: str, right: str) -> None:
    settings.write_text(f'# mine\n\n{typo} = "x"\n')
    assert faults(settings) == [f"{settings}:3: no setting '{typo}'; did you mean '{right}'?"]


def test_a_name_like_no_setting_lists_them(settings: Path) -> None:
    settings.write_text("[audio]\nrate = 3\n")
    (fault,) = faults(settings)
    assert fault.startswith(f"{settings}:1: no setting 'audio'; there are profile, model")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("rate = 79", "rate is 79; it must lie between 80 and 400 words a minute"),
        ("rate = 401", "rate is 401; it must lie between 80 and 400 words a minute"),
        ("pitch = 101", "pitch is 101; it must lie between 0 and 100"),
        ("as_screen_reader = 1", "as_screen_reader must be true or false, not '1'"),
        ("rate = true", "rate must be a number, not 'True'"),
        ('rate = "fast"', "rate must be a number, not 'fast'"),
        ("volume = nan", "volume is nan; it must lie between -30 and 12 dB"),
        ("pause = 0", "pause is 0; it must lie between 1 and 3 seconds"),
        ("echo_cancellation = 'off'", "echo_cancellation must be true or false, not 'off'"),
        *(
            (
                f'quiet_hours = "{hours}"',
                f"quiet_hours is '{hours}'; it must be two times of day, such as \"22:00-07:00\", or empty for none",
            )
            for hours in ("22:00", "22-7", "22:00-24:00", "07:00-07:00", "22:00-07:00, 13:00-14:00")
        ),
        ("quiet_hours = 22", "quiet_hours must be a text in quotes, not 22"),
        ("keep_awake = 1", "keep_awake must be true or false, not '1'"),
        ("emergency_number = 112", "emergency_number must be a text in quotes, not 112"),
        ('emergency_number = "call mum"', "emergency_number is 'call mum'; it must be digits, such as \"112\""),
        ('profile = "day"', "profile is 'day'; it must be one of night, workout, low-vision"),
        ('content = ""', "content is empty; name a folder, or leave the setting out"),
    ],
)
def test_a_wrong_value_is_one_line_that_says_what_is_right(settings: Path, line: str, reason: str) -> None:
    settings.write_text(line)
    assert faults(settings) == [f"{settings}:1: {reason}"]


def test_all_faults_are_told_at_once(settings: Path) -> None:
    settings.write_text("rate = 1\nvolume = 99\nvoices = 3\n")
    assert [fault.split(": ")[0] for fault in faults(settings)] == [f"{settings}:{line}" for line in (1, 2, 3)]


def test_broken_toml_is_one_line_with_its_place(settings: Path) -> None:
    settings.write_text('voice = "en"\nrate 150\n')
    (fault,) = faults(settings)
    assert fault.startswith(f"{settings}:2: is not valid TOML: ")


def test_toml_that_ends_too_soon_is_one_line(settings: Path) -> None:
    settings.write_text('voice = """en')
    (fault,) = faults(settings)
    assert fault.startswith(f"{settings}: is not valid TOML: ")


def test_a_folder_or_bytes_in_place_of_the_file(tmp_path: Path, settings: Path) -> None:
    assert len(faults(tmp_path)) == 1
    settings.write_bytes(b"\xff\xfe\x00")
    assert faults(settings) == [f"{settings}: is not UTF-8 text; save it as UTF-8"]


def test_an_unknown_profile_on_the_command_line(settings: Path) -> None:
    settings.write_text("")
    with pytest.raises(SettingsError, match="--profile is 'day'"):
        config.load(settings, profile="day")


@given(text=st.text(max_size=60))
def test_no_text_makes_it_raise_anything_else(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        config.load(file)
    except SettingsError as error:
        assert str(file) in str(error)  # noqa: PT017 - most texts raise, an empty one does not


def test_the_shipped_folders_are_there() -> None:
    assert config.content_folder().is_dir()
    assert (config.models_folder() / "en-small").is_dir()


def test_a_voice_of_piper_is_a_path_from_the_settings_folder(settings: Path) -> None:
    settings.write_text('voice = "voices/joe.onnx"\npitch = 60\nas_screen_reader = true\n', encoding="utf-8")
    found = config.load(settings)
    assert found.voice == str(settings.parent / "voices" / "joe.onnx")
    assert (found.pitch, found.as_screen_reader) == (60, True)
    settings.write_text('voice = "en-gb+f3"\n', encoding="utf-8")
    assert config.load(settings).voice == "en-gb+f3"
    assert config.load(settings).pitch is None
