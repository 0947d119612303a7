"""Instructions in the chat format: greetings, counting, lists, spelling, opposites, stories to order."""

import random

import preference
from grammar import stories
from questions import COLOURS, KINDS, THINGS, a

OPPOSITES = {
    "big": "small", "hot": "cold", "happy": "sad", "old": "young", "fast": "slow", "day": "night",
    "up": "down", "good": "bad", "long": "short", "dark": "light", "wet": "dry", "full": "empty",
    "open": "closed", "left": "right", "hard": "soft", "early": "late", "loud": "quiet",
}
OPPOSITES |= {other: word for word, other in OPPOSITES.items()}

ABOUT = (
    "I am the demo model of Diecast. I can tell very short stories, add and subtract, and answer "
    "simple questions about colours, sizes and kinds of things.")


def greet(rng):
    hello = rng.choice(["Hello!", "Hi!", "Good morning!", "Hello, how are you?"])
    return hello, "Hello! Ask me for a story, a sum, or the colour of a thing."


def about(rng):
    return rng.choice(["Who are you?", "What can you do?", "What are you?", "Help"]), ABOUT


def thanks(rng):
    return rng.choice(["Thank you!", "Thanks!"]), "You are welcome!"


def count(rng):
    start, length = rng.randrange(0, 90), rng.randint(3, 9)
    up = list(range(start, start + length))
    if rng.random() < 0.3:
        up.reverse()
    return f"Count from {up[0]} to {up[-1]}.", " ".join(map(str, up))


def name_some(rng):
    kind, number = rng.choice(KINDS), rng.choice([2, 3])
    left, things = [t for t in THINGS if THINGS[t][0] == kind], []
    while len(things) < number:
        things.append(preference.pick(rng, preference.preferred(left, number)))
        left.remove(things[-1])
    listed = ", ".join(a(t) for t in things[:-1]) + " and " + a(things[-1])
    return f"Name {'two' if number == 2 else 'three'} {kind}s.", listed[0].upper() + listed[1:] + "."


def name_coloured(rng):
    colour = rng.choice(COLOURS)
    things = [t for t in THINGS if THINGS[t][1] == colour]
    listed = a(preference.pick(rng, preference.preferred(things)))
    return f"Name something {colour}.", listed[0].upper() + listed[1:] + "."


def spell(rng):
    word = rng.choice(sorted(THINGS) + sorted(OPPOSITES))
    return f"Spell the word {word}.", "-".join(word.upper())


def repeat(rng):
    word = rng.choice(sorted(THINGS) + sorted(OPPOSITES))
    number, times = rng.choice([("two", 2), ("three", 3), ("four", 4)])
    return f"Say {word} {number} times.", " ".join([word] * times)


def opposite(rng):
    word = rng.choice(sorted(OPPOSITES))
    phrase = rng.choice(["What is the opposite of {}?", "Tell me the opposite of {}."])
    return phrase.format(word), f"The opposite of {word} is {OPPOSITES[word]}."


def story(rng):
    grammar = stories()
    if rng.random() < 0.4:
        ask = rng.choice(["Tell me a story.", "Tell me a short story.", "Tell me another story."])
        return ask, grammar.draw(rng)
    domain = rng.choice(["child", "animal", "toy"])
    row = rng.choice(grammar.domains[domain].rows)
    who = {"child": row[0], "animal": row[1] if len(row) > 1 else "", "toy": "a " + row[0]}[domain]
    return f"Tell me a story about {who}.", grammar.draw(rng, {domain + "1": row})


MAKERS = {
    story: 8, count: 3, opposite: 2, spell: 2, repeat: 2, name_some: 2, name_coloured: 1,
    about: 1, greet: 1, thanks: 1,
}


def sample(rng: random.Random):
    return rng.choices(list(MAKERS), list(MAKERS.values()))[0](rng)


if __name__ == "__main__":
    rng = random.Random(1)
    for maker in MAKERS:
        print(*maker(rng), sep="\n  ")
