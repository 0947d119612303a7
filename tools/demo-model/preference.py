"""How often each of several right options is told, so that the likeliest one stands out.

Were all names and sentences as frequent as each other, a trained model would tell them apart by noise,
and two runtimes that round differently would part at the first of them. `ties.py` measures how far
the best option stands out along a story.
"""

SHARE = 3 / 4  # of what remains


def preferred(options, start=0):
    """Pairs (probability, option): from `start` on, each takes SHARE of what remains, the last all of it.

    Whatever options a text excludes, the best of those left is then at least as likely as SHARE of
    them: this holds between words that begin alike, too.
    """
    order = [options[(start + i) % len(options)] for i in range(len(options))]
    odds = [SHARE * (1 - SHARE) ** i for i in range(len(order) - 1)]
    return list(zip(odds + [(1 - SHARE) ** (len(order) - 1)], order))


def familiar(options):
    """Pairs (probability, option): the second is half as likely as the first, the third a third.

    For a choice that every story begins with: nothing has been told that could change the order, and
    the last option must not starve.
    """
    weights = [1 / (i + 1) for i in range(len(options))]
    return [(weight / sum(weights), option) for weight, option in zip(weights, options)]


def start(key, keys, count, place=0):
    """Where the order of `count` options starts for the key-th of `keys` things, at that place of a text."""
    return key * count // keys + place


def pick(rng, odds):
    """One option, drawn from pairs (probability, option)."""
    return rng.choices([option for _, option in odds], [odd for odd, _ in odds])[0]
