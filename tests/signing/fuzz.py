"""Feeds the strict verify with mutations of good tokens and of nothing, and counts what came out.

`python -m tests.signing.fuzz 1000000`. Anything but a typed refusal of a changed token ends the run with its seed.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable

from agegate.signing.strict_jws import decode
from agegate.signing.verify import Kind, TokenRefused, verify
from tests.signing.forging import AUDIENCE, ISSUER, KEYS, NOW, SAMPLES, SIGNER, b64, sealed

ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\0é\ud800{}[]":,'
PIECES = ("null", "true", "1e999", "NaN", '"x"', "[]", "{}", "-1", '{"a":', "\\ud800", "9" * 400, "[" * 400, '"exp":1,')
GOOD = {kind: SIGNER.sign(kind, SAMPLES[kind]) for kind in Kind}
Dice = random.Random


def spliced(dice: Dice, text: str, pieces: tuple[str, ...] | str) -> str:
    """A text with a stretch replaced, doubled or cut out."""
    start = dice.randrange(len(text) + 1)
    end = min(len(text), start + dice.choice((0, 1, 1, 2, 5, 40)))
    return text[:start] + "".join(dice.choice(pieces) for _ in range(dice.choice((0, 1, 1, 3)))) + text[end:]


def altered_text(dice: Dice, kind: Kind) -> str:
    """A good token with its text changed."""
    text = GOOD[kind]
    for _ in range(dice.choice((1, 1, 2, 4))):
        text = spliced(dice, text, ALPHABET)
    return text


def signed_anew(dice: Dice, kind: Kind) -> str:
    """Segments altered before they were signed by the right key: what only a careless issuer would make."""
    header, payload = (decode(segment.encode()).decode() for segment in GOOD[kind].split(".")[:2])
    pieces = (*PIECES, *ALPHABET)
    altered = spliced(dice, header, pieces) if dice.random() < HALF else header
    return sealed(
        altered.encode("utf-8", "surrogatepass"), spliced(dice, payload, pieces).encode("utf-8", "surrogatepass")
    )


def noise(dice: Dice, kind: Kind) -> str:
    """Segments of chance."""
    del kind
    return ".".join(b64(dice.randbytes(dice.choice((0, 1, 30, 64, 200)))) for _ in range(dice.choice((1, 2, 3, 3, 5))))


def swapped(dice: Dice, kind: Kind) -> str:
    """Segments of several good tokens."""
    del kind
    return ".".join(GOOD[dice.choice(list(Kind))].split(".")[place] for place in (0, 1, 2))


HALF = 0.5
WAYS: tuple[tuple[Callable[[Dice, Kind], str], int], ...] = (
    (altered_text, 70),
    (noise, 15),
    (swapped, 10),
    (signed_anew, 5),
)


def main(inputs: int, seed: int = 1) -> int:
    """Prints what came out; exit code 1 for anything that was let in."""
    dice, came = Dice(seed), Counter[str]()  # a run can be repeated by its seed
    makers = [way for way, weight in WAYS for _ in range(weight)]
    for _ in range(inputs):
        kind = dice.choice(list(Kind))
        make = dice.choice(makers)
        text = make(dice, kind)
        audience = dice.choice((AUDIENCE, None))
        try:
            verify(text, KEYS, kind=kind, issuer=ISSUER, audience=audience, now=NOW)
        except TokenRefused as refused:
            came[refused.reason] += 1
            continue
        right = "let in, signed by the issuer" if make is signed_anew or text in GOOD.values() else "LET IN"
        came[right] += 1
    for reason, count in came.most_common():
        print(f"{count:9} {reason}")  # noqa: T201 - the counts are what this program is for
    return int(bool(came["LET IN"]))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
