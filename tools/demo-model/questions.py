"""Questions about colours, sizes and kinds of things, and about what was said just before."""

import random

from held_out import is_held_out

# name: kind, colour, size. Sizes are compared only where they differ.
THINGS = {
    "ant": ("animal", "black", 1), "bee": ("animal", "yellow", 1), "mouse": ("animal", "grey", 2),
    "frog": ("animal", "green", 2), "duck": ("animal", "yellow", 3), "owl": ("animal", "brown", 3),
    "fox": ("animal", "red", 4), "swan": ("animal", "white", 4), "pig": ("animal", "pink", 5),
    "sheep": ("animal", "white", 5), "crow": ("animal", "black", 3), "bear": ("animal", "brown", 6),
    "horse": ("animal", "brown", 6), "elephant": ("animal", "grey", 7), "whale": ("animal", "blue", 8),
    "cherry": ("fruit", "red", 1), "plum": ("fruit", "purple", 2), "lemon": ("fruit", "yellow", 2),
    "lime": ("fruit", "green", 2), "apple": ("fruit", "red", 2), "banana": ("fruit", "yellow", 2),
    "melon": ("fruit", "green", 3), "peach": ("fruit", "orange", 2), "pear": ("fruit", "green", 2),
    "pea": ("vegetable", "green", 1), "carrot": ("vegetable", "orange", 2),
    "potato": ("vegetable", "brown", 2), "tomato": ("vegetable", "red", 2),
    "cabbage": ("vegetable", "green", 3), "pumpkin": ("vegetable", "orange", 4),
    "rose": ("flower", "red", 2), "tulip": ("flower", "yellow", 2), "daisy": ("flower", "white", 1),
    "sunflower": ("flower", "yellow", 3), "violet": ("flower", "purple", 1),
    "bus": ("vehicle", "red", 7), "taxi": ("vehicle", "yellow", 6), "train": ("vehicle", "blue", 8),
    "tractor": ("vehicle", "green", 7), "scooter": ("vehicle", "pink", 4),
    "boat": ("vehicle", "white", 6), "tram": ("vehicle", "orange", 7),
    "button": ("tool", "white", 1), "hammer": ("tool", "black", 3), "saw": ("tool", "grey", 3),
    "bucket": ("tool", "blue", 4), "broom": ("tool", "brown", 4), "ladder": ("tool", "grey", 5),
    "drum": ("toy", "red", 3), "doll": ("toy", "pink", 3), "kite": ("toy", "blue", 3),
    "marble": ("toy", "blue", 1), "robot": ("toy", "grey", 3), "teddy": ("toy", "brown", 3),
}
KINDS = sorted({kind for kind, _, _ in THINGS.values()})
COLOURS = sorted({colour for _, colour, _ in THINGS.values()})


def a(word):
    return ("an " if word[0] in "aeiou" else "a ") + word


def capital(text):
    return text[0].upper() + text[1:]


def colour(rng):
    thing, (_, colour, _) = rng.choice(list(THINGS.items()))
    phrase = rng.choice(["What colour is {}?", "Which colour is {}?", "Tell me the colour of {}."])
    return phrase.format(a(thing)), f"{capital(a(thing))} is {colour}."


def kind(rng):
    thing, (kind, _, _) = rng.choice(list(THINGS.items()))
    phrase = rng.choice(["What is {}?", "What kind of thing is {}?", "Tell me what {} is."])
    return phrase.format(a(thing)), f"{capital(a(thing))} is {a(kind)}."


# The fact comes first: a model that has to say yes or no at once learns pairs by heart.
def is_kind(rng):
    thing, (kind, _, _) = rng.choice(list(THINGS.items()))
    asked = kind if rng.random() < 0.5 else rng.choice(KINDS)
    so = "yes" if asked == kind else "no"
    return f"Is {a(thing)} {a(asked)}?", f"{capital(a(thing))} is {a(kind)}, so {so}."


def is_colour(rng):
    thing, (_, colour, _) = rng.choice(list(THINGS.items()))
    asked = colour if rng.random() < 0.5 else rng.choice(COLOURS)
    so = "yes" if asked == colour else "no"
    return f"Is {a(thing)} {asked}?", f"{capital(a(thing))} is {colour}, so {so}."


def two_sizes(rng):
    while True:
        one, other = rng.sample(sorted(THINGS), 2)
        if THINGS[one][2] != THINGS[other][2]:
            return one, other


def bigger(rng):
    one, other = two_sizes(rng)
    big, small = sorted([one, other], key=lambda thing: -THINGS[thing][2])
    if rng.random() < 0.5:
        return f"Which is bigger, {a(one)} or {a(other)}?", f"{capital(a(big))} is bigger."
    return f"Which is smaller, {a(one)} or {a(other)}?", f"{capital(a(small))} is smaller."


def is_bigger(rng):
    one, other = two_sizes(rng)
    word = rng.choice(["bigger", "smaller"])
    holds = (THINGS[one][2] > THINGS[other][2]) == (word == "bigger")
    rest = word if holds else {"bigger": "smaller", "smaller": "bigger"}[word]
    return (
        f"Is {a(one)} {word} than {a(other)}?",
        f"{'Yes' if holds else 'No'}, {a(one)} is {rest} than {a(other)}.")


def which_kind(rng):
    while True:
        one, other = rng.sample(sorted(THINGS), 2)
        if THINGS[one][0] != THINGS[other][0]:
            break
    asked = THINGS[rng.choice([one, other])][0]
    right = one if THINGS[one][0] == asked else other
    return f"Which is {a(asked)}, {a(one)} or {a(other)}?", f"{capital(a(right))} is {a(asked)}."


def told(rng):
    """What the question itself has just said."""
    count = rng.choice([2, 3])
    things = rng.sample(sorted(THINGS), count)
    colours = rng.sample(COLOURS, count)
    said = " ".join(f"The {t} is {c}." for t, c in zip(things, colours))
    asked = rng.randrange(count)
    if rng.random() < 0.5:
        question = f"What colour is the {things[asked]}?"
    else:
        question = f"Which one is {colours[asked]}?"
    return f"{said} {question}", f"The {things[asked]} is {colours[asked]}."


# How many held-out questions there are of each sort (the first two have few of their own), and how
# often a sort is trained. What was just said is trained only: the model gets it wrong too often, as
# the model card says.
MAKERS = {
    colour: (10, 1), kind: (10, 1), is_kind: (30, 1), is_colour: (30, 1), bigger: (45, 1),
    is_bigger: (45, 1), which_kind: (30, 1), told: (0, 4),
}


def sample(rng: random.Random):
    """A question for training and its answer."""
    weights = [weight for _, weight in MAKERS.values()]
    while True:
        question, answer = rng.choices(list(MAKERS), weights)[0](rng)
        if not is_held_out(question):
            return question, answer


def held_out(rng):
    """Different held-out questions with their answers."""
    found = {}
    for maker, (count, _) in MAKERS.items():
        wanted = len(found) + count
        while len(found) < wanted:
            question, answer = maker(rng)
            if is_held_out(question):
                found[question] = answer
    return list(found.items())


if __name__ == "__main__":
    rng = random.Random(1)
    for maker in MAKERS:
        for _ in range(3):
            print(*maker(rng))
