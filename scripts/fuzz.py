"""Feed random and mutated articles to the parts of kg that read text, for as long as you like.

    python scripts/fuzz.py --seconds 600                          every target, one after the other
    python scripts/fuzz.py --target times --seconds 60 --seed 2
    python scripts/fuzz.py --target times --atheris               guided by the code that is reached: pip install atheris

The targets are the property tests of ``tests/test_hostile.py``, which CI runs with some examples each; here they get
random bytes, of which Hypothesis makes texts. What fails is printed and kept in ``.hypothesis``: the next run of the tests
finds it again and makes it as short as it can. Write it down as a test, then mend it. atheris has wheels for some versions of
Python and Linux only, so it is no dependency.
"""

from __future__ import annotations

import argparse
import importlib
import pathlib
import random
import sys
import time
from collections.abc import Callable

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))

TARGETS = {
    "times": "test_sentences_words_and_dates_are_slices",
    "claims": "test_claims_rest_on_slices_of_any_text",
    "exports": "test_exports_of_any_text_are_read_back",
    "decode": "test_any_bytes_are_text_or_refused",
    "parameters": "test_no_parameter_breaks_out_of_its_query",
    "queries": "test_any_query_is_answered_or_refused_and_never_writes",
    "addresses": "test_an_address_is_an_iri_or_a_text",
}
BYTES = 4096


def main() -> None:
    """Run the targets, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", choices=TARGETS, action="append", help="only this one; may be given again")
    parser.add_argument("--seconds", type=float, default=60, help="for each target")
    parser.add_argument("--seed", type=int, default=1, help="other bytes")
    parser.add_argument("--atheris", action="store_true", help="let atheris choose the bytes, for the first target")
    arguments = parser.parse_args()
    for name in arguments.target or TARGETS:
        if arguments.atheris:
            guided(name, arguments.seconds)
        tried, used = unguided(bytes_to(name), arguments.seconds, arguments.seed)
        print(f"{name:12} {used} texts of {tried} tries in {arguments.seconds:g} s, nothing found")


def unguided(run: Callable[[bytes], bytes | None], seconds: float, seed: int) -> tuple[int, int]:
    """Random bytes, the same ones for the same seed; how many there were, and how many made a text."""
    chance = random.Random(seed)
    tried, used, end = 0, 0, time.monotonic() + seconds
    while time.monotonic() < end:
        used += run(chance.randbytes(chance.randrange(1, BYTES))) is not None
        tried += 1
    return tried, used


def bytes_to(name: str) -> Callable[[bytes], bytes | None]:
    """A function of bytes that runs a target on the text that Hypothesis makes of them."""
    test = getattr(importlib.import_module("tests.test_hostile"), TARGETS[name])
    run: Callable[[bytes], bytes | None] = test.hypothesis.fuzz_one_input
    return run


def guided(name: str, seconds: float) -> None:
    """Let atheris choose the bytes by what code of kg they reach; it ends the process."""
    try:
        import atheris
    except ImportError as error:
        raise SystemExit("atheris is not installed (pip install atheris); run this without --atheris") from error
    with atheris.instrument_imports(include=["kg"]):
        run = bytes_to(name)
    atheris.Setup([sys.argv[0], f"-max_total_time={seconds:.0f}", f"-max_len={BYTES}"], run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
