"""Set up what is missing, then run: one file of plain Python for Linux, macOS and Windows.

    bootstrap.py run [ARGUMENTS]     the assistant
    bootstrap.py setup               set up only
    bootstrap.py test [ARGUMENTS]    pytest
    bootstrap.py lint                ruff and mypy
    bootstrap.py format              ruff's formatter

A virtual environment is made in .venv beside pyproject.toml and the package is installed into it. What
was set up is remembered by a stamp, so a second start only compares the stamp and runs. A set-up that
was interrupted is begun anew. Progress goes to standard error, a plain line for each step.
"""

from __future__ import annotations

import ctypes.util
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 10)

COMMANDS = ("run", "setup", "test", "lint", "format")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LINTERS = (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"])
UNTYPED_TRAINING = ["--exclude", "(scripts|tests)/train_model/"]
"""For mypy where PyTorch, which the extra `train` brings, is not installed: most of that folder builds on its types."""


class Problem(Exception):  # noqa: N818 - it is told to the user, and need not be a fault of the program
    """Something that only the user can mend; its message is one line that says what and how."""


class Environment:
    """The virtual environment of a checkout, and how far it is set up."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.binaries = self.folder / ("Scripts" if os.name == "nt" else "bin")
        self.python = self.program("python")
        self.log = self.folder / "set-up.log"
        self._unfinished = self.folder / "set-up.unfinished"

    def program(self, name: str) -> Path:
        """Return the path of a program in it."""
        return self.binaries / (f"{name}.exe" if os.name == "nt" else name)

    def has(self, module: str) -> bool:
        """Tell whether a module can be found in it."""
        found = subprocess.run(
            [self.python, "-c", f"import importlib.util as u, sys; sys.exit(not u.find_spec('{module}'))"], check=False
        )
        return found.returncode == 0

    def ready(self, extra: str) -> bool:
        """Tell whether the package is installed as it is described now, with an extra or more."""
        # Where the development tools are, the program is too.
        stamps = [self._stamp(extra), self._stamp("dev")]
        # A broken link stands for a Python that is no longer there.
        return self.python.exists() and any(stamp.exists() and stamp.read_text() == self._digest() for stamp in stamps)

    def set_up(self, extra: str) -> None:
        """Make it and install the package, or raise Problem."""
        if self._unfinished.exists() or not self._usable():
            say("Making a virtual environment in .venv")
            make_venv(self.folder)
        self._unfinished.touch()
        for stamp in self.folder.glob("set-up.*.stamp"):
            stamp.unlink()
        say("Installing the package and what it needs; this takes a few minutes the first time")
        self._install(f".[{extra}]" if extra else ".")
        self._stamp(extra).write_text(self._digest())

    def _stamp(self, extra: str) -> Path:
        return self.folder / f"set-up.{extra or 'program'}.stamp"

    def _digest(self) -> str:
        """Return what changes when the set-up must be done again."""
        described = (self.root / "pyproject.toml").read_bytes()
        return hashlib.sha256(described + repr((sys.version_info[:2], str(self.root))).encode()).hexdigest()

    def _usable(self) -> bool:
        """Tell whether it is there, has pip, and is of this Python's version."""
        asked = [str(self.python), "-c", "import pip, sys; print(sys.version_info[:2])"]
        try:
            answer = subprocess.run(asked, capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            return False
        return answer.stdout.strip() == str(sys.version_info[:2])

    def _install(self, what: str) -> None:
        options = ["--no-input", "--disable-pip-version-check", "--retries", "2", "--editable", what]
        command = [str(self.python), "-m", "pip", "install", *options]
        with self.log.open("w", encoding="utf-8") as log:
            done = subprocess.run(command, cwd=self.root, stdout=log, stderr=subprocess.STDOUT, check=False)
        # A pip that fails leaves things in order; one that is interrupted does not, and never comes here.
        self._unfinished.unlink()
        if done.returncode:
            raise Problem(why_pip_failed(self.log.read_text(encoding="utf-8", errors="replace"), self.log))


def make_venv(folder: Path) -> None:
    """Make an empty virtual environment in place of what is there."""
    package = f"python3.{sys.version_info[1]}-venv"
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        install_for_debian(package)
        importlib.invalidate_caches()
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(folder)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        told = (made.stdout + made.stderr).strip().splitlines()
        raise Problem(
            f"this Python cannot make a virtual environment ({told[-1] if told else 'it does not say why'}); "
            f"on Debian and Ubuntu: sudo apt-get install {package}"
        )


def why_pip_failed(output: str, log: Path) -> str:
    """Return one line for the output of a pip that failed."""
    signs = ("name resolution", "NewConnectionError", "Network is unreachable", "getaddrinfo", "ConnectTimeout")
    if any(sign in output for sign in signs):
        return "no network: the packages cannot be fetched; connect to the internet once and start again"
    errors = [line for line in output.splitlines() if "error" in line.lower()]
    return f"pip failed: {errors[-1].strip() if errors else 'it does not say why'} (all of it is in {log})"


def system_libraries(*, testing: bool) -> None:
    """Install the parts of a Linux system that no wheel holds, where that is allowed; else say how."""
    if not sys.platform.startswith("linux"):
        return

    if ctypes.util.find_library("portaudio") is None and not install_for_debian("libportaudio2"):
        say("To listen live, install PortAudio; on Debian and Ubuntu: sudo apt-get install libportaudio2")
    # The tests of the live path listen to a private sound server, which PortAudio reaches through ALSA.
    if testing and not shutil.which("pulseaudio") and not install_for_debian("pulseaudio", "libasound2-plugins"):
        say("To test the live path too, install PulseAudio: sudo apt-get install pulseaudio libasound2-plugins")
    # They also look at the review sheet and at the doctor's report as their readers do: in a browser, printed.
    if testing and not any(map(shutil.which, BROWSERS)) and not install_for_debian("chromium", "fonts-liberation"):
        say("To test printed pages too, install Chromium: sudo apt-get install chromium fonts-liberation")


def install_for_debian(*packages: str) -> bool:
    """Install Debian packages if there is apt-get and nobody has to be asked; tell whether it went well."""

    def run(*command: str) -> bool:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0

    if not shutil.which("apt-get"):
        return False
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not root and not (shutil.which("sudo") and run("sudo", "-n", "true")):
        return False
    say(f"Installing {' and '.join(packages)}")
    # Neither a question nor a dialogue: there is nobody to answer. env, because sudo drops what is set here.
    apt = (*(() if root else ("sudo", "-n")), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get")
    install = (*apt, "install", "-y", "--no-install-recommends", *packages)
    return run(*install) or (run(*apt, "update") and run(*install))


def start(command: list[str], *, folder: Path | None = None) -> int:
    """Run a program to its end and return its exit code; where possible, become it."""
    if os.name != "nt":
        if folder:
            os.chdir(folder)
        sys.stdout.flush()
        os.execv(command[0], command)  # noqa: S606 - no shell is wanted
    # Windows has no exec that keeps the console waiting.

    return subprocess.run(command, cwd=folder, check=False).returncode


def check_all(environment: Environment) -> int:
    """Run every linter, though one fails, and return 0 if all are content."""
    failed = 0
    for name, *arguments in LINTERS:
        if name == "mypy" and not environment.has("torch"):
            say(
                "PyTorch is not installed: the types of scripts/train_model are not checked (pip install -e '.[train]')"
            )
            arguments.extend(UNTYPED_TRAINING)
        say(f"{name} {' '.join(arguments)}".rstrip())
        tool = str(environment.program(name))
        failed |= subprocess.run([tool, *arguments], cwd=environment.root, check=False).returncode
    return 1 if failed else 0


def say(line: str) -> None:
    """Tell the user what is being done."""
    print(line, file=sys.stderr, flush=True)


def carry_out(command: str, arguments: list[str], environment: Environment) -> int:
    """Set up what is missing, then do what was asked; return the exit code."""
    extra = "" if command in ("run", "setup") else "dev"
    if not environment.ready(extra):
        environment.set_up(extra)
        system_libraries(testing=bool(extra))
        say("Ready")
    python, ruff = str(environment.python), str(environment.program("ruff"))
    if command == "run":
        return start([str(environment.program("voice-assist")), *arguments])
    if command == "test":
        return start([python, "-m", "pytest", *arguments], folder=environment.root)
    if command == "format":
        return start([ruff, "format", *(arguments or ["."])], folder=environment.root)
    return check_all(environment) if command == "lint" else 0


def main(argv: list[str], root: Path = ROOT) -> int:
    """Check the command, carry it out, and turn what goes wrong into one line and an exit code."""
    if not argv or argv[0] not in COMMANDS:
        say((__doc__ or "").strip())
        return 2
    if sys.version_info < OLDEST:
        say("Python 3.10 or newer is needed, this is {}.{}; PYTHON=... names another".format(*sys.version_info))
        return 1
    try:
        return carry_out(argv[0], argv[1:], Environment(root))
    except Problem as problem:
        say(str(problem))
    except OSError as error:
        say(f"the set-up failed: {error}")
    except KeyboardInterrupt:
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
