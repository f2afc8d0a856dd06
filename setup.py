"""Builds the two native parts of guava.

guava._core   the extension: core/{base,http,route,net,python} and llhttp
guavad        the daemon: core/{base,http,daemon} and libpython, installed as a script

Objects and linked files lie in build/, in folders named by their command, so that
only what changed is built again and other flags never meet old objects.

From the environment: CC, GUAVA_SANITIZE=1 for AddressSanitizer and
UndefinedBehaviorSanitizer, GUAVA_FUZZ=1 for libFuzzer; CI=true makes warnings errors.
"""

import filecmp
import hashlib
import os
import runpy
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from setuptools import Command, Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.command.sdist import sdist

BUILD = Path("build")
LIBUV = "libuv >= 1.42"
LIBLLHTTP = "libllhttp >= 9.2"
BUNDLED_LLHTTP = Path("third_party/llhttp")
LLHTTP_FILES = ["llhttp.c", "http.c", "api.c", "llhttp.h"]

EXTENSION = ["base", "http", "route", "net", "python"]
DAEMON = ["base", "http", "daemon"]
TESTED_ALONE = ["base", "http", "route"]
FUZZED = ["base", "http", "route", "net"]
WITH_UV = {"net", "python", "fuzz"}
WITH_PYTHON = {"python", "daemon"}

STANDARD = ["-std=c11", "-D_GNU_SOURCE", "-g", "-fPIC", "-fvisibility=hidden"]
STANDARD += ["-fno-common", "-fstack-protector-strong", "-pthread"]
WARNINGS = ["-Wall", "-Wextra", "-Wshadow", "-Wstrict-prototypes"]
WARNINGS += ["-Wmissing-prototypes"]
FORTIFIED = ["-O2", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2"]
SANITIZED = ["-O1", "-fno-omit-frame-pointer"]
SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"]
TRACED = ["-fsanitize=fuzzer-no-link"]
HARDENED_LINK = ["-pthread", "-Wl,-z,relro,-z,now", "-Wl,--as-needed"]

CC = shlex.split(os.environ.get("CC", "cc"))
SANITIZE = os.environ.get("GUAVA_SANITIZE") == "1"
FUZZ = os.environ.get("GUAVA_FUZZ") == "1"
STRICT = os.environ.get("CI") == "true"


# Flags


def common_flags() -> list[str]:
    made_for = SANITIZED + SANITIZERS if SANITIZE else FORTIFIED
    return STANDARD + made_for + (TRACED if FUZZ else [])


def link_flags() -> list[str]:
    return HARDENED_LINK + (SANITIZERS if SANITIZE else [])


def layer_flags(layer: str) -> list[str]:
    """The flags of one folder of core/, which are all that it may include."""
    flags = [*common_flags(), *WARNINGS, "-Icore", *llhttp_flags("--cflags")]
    if STRICT:
        flags.append("-Werror")
    if layer in WITH_UV:
        flags += pkg_config("--cflags", LIBUV)
    if layer in WITH_PYTHON:
        flags += ["-isystem", sysconfig.get_path("include")]
    if layer == "daemon":
        flags.append(f'-DGV_VERSION="{version()}"')
        flags.append(f'-DGV_PYTHON_FALLBACK="{base_python()}"')
    return flags


def version() -> str:
    return str(runpy.run_path("guava/_version.py")["__version__"])


def base_python() -> str:
    """The interpreter behind any virtual environment: pip builds in one that is
    gone when guavad runs."""
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


def python_link_flags() -> list[str]:
    """Links a program with libpython, shared or static."""
    name = sysconfig.get_config_var("LDLIBRARY")
    folders = [sysconfig.get_config_var(key) for key in ("LIBDIR", "LIBPL")]
    folders.append(os.path.join(sys.base_prefix, "lib"))
    found = [folder for folder in folders if Path(folder, name).exists()]
    if not found:
        raise SystemExit(
            f"{name} is not in {', '.join(folders)}: "
            "install the development files of this Python"
        )
    flags = [os.path.join(found[0], name)]
    if sys.base_prefix != "/usr":
        flags.append(f"-Wl,-rpath,{found[0]}")
    for key in ("LIBS", "SYSLIBS", "LINKFORSHARED"):
        flags += shlex.split(sysconfig.get_config_var(key) or "")
    return flags


def pkg_config(option: str, package: str) -> list[str]:
    """The flags of a package such as "libuv >= 1.42"; SystemExit without it."""
    done = subprocess.run(
        ["pkg-config", option, "--print-errors", package],
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode != 0:
        raise SystemExit(f"guava needs {package} and its development files")
    return shlex.split(done.stdout)


# llhttp


@cache
def llhttp_folder() -> Path | None:
    """Where llhttp's sources lie, or None where the system has the library.

    A source distribution carries them; else they come from the pinned release of
    the package llhttp.
    """
    if BUNDLED_LLHTTP.exists():
        return BUNDLED_LLHTTP
    if subprocess.call(["pkg-config", LIBLLHTTP]) == 0:
        return None
    return fetched_llhttp()


def fetched_llhttp() -> Path:
    pin = Path("scripts/llhttp.txt")
    digest = hashlib.sha256(pin.read_bytes()).hexdigest()[:12]
    folder = BUILD / f"llhttp-{digest}"
    if not folder.exists():
        fetch_llhttp(pin, folder)
    return folder


def fetch_llhttp(pin: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet"]
    command += ["--require-hashes", "--no-deps", "--no-binary", ":all:"]
    command += ["--no-build-isolation", "--requirement", str(pin), "--dest"]
    folder.parent.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as scratch:
        subprocess.run([*command, scratch], check=True)
        [archive] = Path(scratch).glob("*.tar.gz")
        unpacked = Path(scratch, "llhttp")
        unpacked.mkdir()
        top = archive.name.removesuffix(".tar.gz")
        with tarfile.open(archive) as release:
            for name in LLHTTP_FILES:
                file = release.extractfile(f"{top}/lib/{name}")
                unpacked.joinpath(name).write_bytes(file.read())
        unpacked.rename(folder)


def llhttp_flags(option: str) -> list[str]:
    folder = llhttp_folder()
    if folder is None:
        return pkg_config(option, LIBLLHTTP)
    return ["-isystem", str(folder)] if option == "--cflags" else []


def llhttp_objects() -> list[Path]:
    folder = llhttp_folder()
    if folder is None:
        return []
    sources = [folder / name for name in LLHTTP_FILES if name.endswith(".c")]
    return compile_all([(source, [*common_flags(), "-w"]) for source in sources])


# Compiling and linking


def compile_all(jobs: list[tuple[Path, list[str]]]) -> list[Path]:
    """The objects of some (source, flags); raises SystemExit where one fails."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda job: compile_one(*job), jobs))


def compile_one(source: Path, flags: list[str]) -> Path:
    command = [*CC, *flags]
    output = place(command) / source.with_suffix(".o")
    depends = output.with_suffix(".d")
    if newest(written_dependencies(depends)) >= modified(output):
        say(f"compiling {source}")
        command += ["-MMD", "-MF", str(depends), "-c", str(source)]
        make(command, output)
    return output


def link(name: str, inputs: list[Path], flags: list[str]) -> Path:
    """Links objects into build/, and names the file that came of it."""
    command = [*CC, *map(str, inputs), *flags]
    output = place(command) / name
    if newest(inputs) >= modified(output):
        say(f"linking {name}")
        make(command, output)
    return output


def place(command: list[str]) -> Path:
    """The folder that belongs to one command."""
    digest = hashlib.sha256("\0".join(command).encode()).hexdigest()
    return BUILD / "native" / digest[:12]


def make(command: list[str], output: Path) -> None:
    """Runs a compiler that makes `output`, which is never seen half made."""
    partial = output.with_name(f"{output.name}.{os.getpid()}")
    output.parent.mkdir(parents=True, exist_ok=True)
    if subprocess.call([*command, "-o", str(partial)]) != 0:
        raise SystemExit(f"could not make {output}")
    partial.replace(output)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def written_dependencies(depends: Path) -> list[Path]:
    """What the compiler read last time; never an empty list."""
    if not depends.exists():
        return [depends]
    _, _, names = depends.read_text().replace("\\\n", " ").partition(":")
    return [Path(name) for name in names.split()]


def modified(path: Path) -> float:
    """The time of change, in nanoseconds; -1 for what does not exist."""
    return path.stat().st_mtime_ns if path.exists() else -1


def newest(paths: list[Path]) -> float:
    """The last time of change; infinity where one is missing."""
    times = [modified(path) for path in paths]
    return float("inf") if -1 in times else max(times)


def place_copy(made: Path, output: Path) -> None:
    """Puts `made` at `output` in one step: the old file may be running."""
    if output.exists() and filecmp.cmp(made, output, shallow=False):
        return
    partial = output.with_name(f"{output.name}.{os.getpid()}")
    output.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(made, partial)
    partial.replace(output)


# The dashboard


def dashboard_source() -> Path:
    """A C file that holds the files of core/daemon/dashboard/."""
    text = '#include "daemon/status_pages.h"\n'
    for kind in ("html", "css", "js"):
        data = Path("core/daemon/dashboard", f"dashboard.{kind}").read_bytes()
        text += (
            f"\nstatic const unsigned char {kind}[] = {{{', '.join(map(str, data))}}};"
        )
        text += f"\nconst gv_slice gv_dashboard_{kind} = {{"
        text += f"(const char *){kind}, sizeof({kind})}};\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    source = BUILD / "native" / digest[:12] / "dashboard.c"
    if not source.exists():
        source.parent.mkdir(parents=True, exist_ok=True)
        partial = source.with_name(f"{source.name}.{os.getpid()}")
        partial.write_text(text)
        partial.replace(source)
    return source


# What there is to build


def core_objects(layers: list[str]) -> list[Path]:
    jobs = []
    for layer in layers:
        flags = layer_flags(layer)
        jobs += [(file, flags) for file in sorted(Path("core", layer).glob("*.c"))]
        if layer == "daemon":
            jobs.append((dashboard_source(), flags))
    return compile_all(jobs)


def link_extension() -> Path:
    inputs = core_objects(EXTENSION) + llhttp_objects()
    flags = ["-shared", *link_flags(), *pkg_config("--libs", LIBUV)]
    return link("_core.so", inputs, flags + llhttp_flags("--libs"))


def link_daemon() -> Path:
    inputs = core_objects(DAEMON) + llhttp_objects()
    flags = ["-pie", *link_flags(), *llhttp_flags("--libs"), *python_link_flags()]
    return link("guavad", inputs, flags)


def test_sources() -> list[Path]:
    return sorted(Path("tests/c").glob("*/test_*.c"))


def test_objects() -> list[Path]:
    flags = [*layer_flags("tests"), "-Itests/c"]
    sources = [Path("tests/c/harness.c"), *test_sources()]
    return compile_all([(source, flags) for source in sources])


@dataclass(frozen=True)
class FuzzTarget:
    """tests/fuzz/fuzz_<name>.c, what else of tests/fuzz it is made of, and the calls
    of libc that it answers by itself, in place of the kernel."""

    name: str
    parts: list[str]
    layers: list[str]
    wrapped: list[str]


FUZZ_TARGETS = [
    FuzzTarget("parser", ["fuzz"], TESTED_ALONE, []),
    FuzzTarget(
        "connection",
        ["fuzz", "answers", "application", "transport"],
        FUZZED,
        [
            "accept4",
            "close",
            "getrandom",
            "gv_answer_put",
            "gv_clock_monotonic_ms",
            "gv_clock_monotonic_ns",
            "gv_clock_wall_ms",
            "ioctl",
            "recv",
            "send",
            "sendfile",
            "sendmsg",
            "setsockopt",
            "shutdown",
        ],
    ),
]


def fuzz_objects(names: list[str]) -> list[Path]:
    flags = [*layer_flags("fuzz"), "-Itests/fuzz"]
    return compile_all([(Path("tests/fuzz", f"{name}.c"), flags) for name in names])


def link_fuzz_target(target: FuzzTarget, name: str, driver: list[str]) -> Path:
    """Links a target with libFuzzer, or with replay.c, whose flags or name `driver`
    holds.  There is no libuv: transport.c stands in its place."""
    parts = [f"fuzz_{target.name}", *target.parts]
    flags = ["-pie", *link_flags(), *llhttp_flags("--libs")]
    flags += [f"-Wl,--wrap={name}" for name in target.wrapped]
    if driver[0].startswith("-"):
        flags += driver
    else:
        parts += driver
    inputs = fuzz_objects(parts) + core_objects(target.layers) + llhttp_objects()
    return link(name, inputs, flags)


class BuildExtension(build_ext):
    """Builds guava._core."""

    def build_extension(self, ext: Extension) -> None:
        made = link_extension()
        place_copy(made, Path(self.get_ext_fullpath(ext.name)))


class BuildDaemon(Command):
    """Builds guavad, which is installed where scripts are."""

    user_options = [("build-dir=", "d", "where guavad goes")]

    def initialize_options(self) -> None:
        self.build_dir = None

    def finalize_options(self) -> None:
        self.set_undefined_options("build", ("build_scripts", "build_dir"))

    def get_source_files(self) -> list[str]:
        return []

    def run(self) -> None:
        made = link_daemon()
        place_copy(made, Path(self.build_dir, "guavad"))


class BuildTests(Command):
    """Builds every tests/c/*/test_*.c into a program."""

    user_options = [("build-dir=", "d", "where the programs go")]

    def initialize_options(self) -> None:
        self.build_dir = "build/tests"

    def finalize_options(self) -> None:
        pass

    def run(self) -> None:
        units = core_objects(TESTED_ALONE) + llhttp_objects()
        harness, *tests = test_objects()
        flags = ["-pie", *link_flags(), *llhttp_flags("--libs")]
        shutil.rmtree(self.build_dir, ignore_errors=True)
        for source, test in zip(test_sources(), tests, strict=True):
            made = link(source.stem, [test, harness, *units], flags)
            place_copy(made, Path(self.build_dir, source.parent.name, source.stem))
        for target in FUZZ_TARGETS:
            name = f"test_fuzz_{target.name}"
            made = link_fuzz_target(target, name, ["replay"])
            place_copy(made, Path(self.build_dir, "fuzz", name))


class BuildFuzz(Command):
    """Builds the fuzz targets: needs clang, GUAVA_SANITIZE and GUAVA_FUZZ."""

    user_options = [("build-dir=", "d", "where the programs go")]

    def initialize_options(self) -> None:
        self.build_dir = "build/fuzz"

    def finalize_options(self) -> None:
        if not (SANITIZE and FUZZ and "clang" in Path(CC[0]).name):
            raise SystemExit("the fuzz targets are built by scripts/fuzz, with clang")

    def run(self) -> None:
        for target in FUZZ_TARGETS:
            name = f"fuzz_{target.name}"
            made = link_fuzz_target(target, name, ["-fsanitize=fuzzer"])
            place_copy(made, Path(self.build_dir, name))


class CompileCore(Command):
    """Compiles everything and links nothing: for the compiler's warnings."""

    user_options: list[tuple[str, str, str]] = []

    def initialize_options(self) -> None:
        pass

    def finalize_options(self) -> None:
        pass

    def run(self) -> None:
        core_objects(sorted({*EXTENSION, *DAEMON}))
        test_objects()
        fuzz_objects(sorted(file.stem for file in Path("tests/fuzz").glob("*.c")))


class SourceDistribution(sdist):
    """Adds llhttp's sources, so that the result is built without fetching."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        super().make_release_tree(base_dir, files)
        bundled = Path(base_dir, BUNDLED_LLHTTP)
        bundled.mkdir(parents=True, exist_ok=True)
        source = BUNDLED_LLHTTP if BUNDLED_LLHTTP.exists() else fetched_llhttp()
        for name in LLHTTP_FILES:
            shutil.copy(source / name, bundled)


setup(
    ext_modules=[Extension("guava._core", sources=[])],
    scripts=["guavad"],
    cmdclass={
        "build_ext": BuildExtension,
        "build_fuzz": BuildFuzz,
        "build_scripts": BuildDaemon,
        "build_tests": BuildTests,
        "compile_core": CompileCore,
        "sdist": SourceDistribution,
    },
)
