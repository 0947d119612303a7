"""Stories from a grammar, and the check of a text against it (see stories.grammar)."""

import dataclasses
import functools
import pathlib
import random
import re

import preference

FILE = pathlib.Path(__file__).parent / "../src/main/resources/dev/diecast/tools/demo/stories.grammar"
# The variable whose row decides what the rest of a story prefers: the first of these that it has told.
KEYS = ("child1", "animal1", "toy1", "trait1")
REFERENCE = re.compile(r"\{([a-z]+)([0-9])(?:\.([A-Za-z]+))?\}")


@dataclasses.dataclass(frozen=True)
class Telling:
    """A story so far: its text, the variables bound in it, and what is left of the sentence begun."""

    plot: str = ""
    slot: int = -1
    parts: tuple = ()
    text: str = ""
    bound: dict = dataclasses.field(default_factory=dict)
    ended: bool = False

    def opening(self, plot, sentence):
        return dataclasses.replace(self, plot=plot, slot=0, parts=tuple(sentence))

    def beginning(self, sentence):
        return dataclasses.replace(self, parts=tuple(sentence), text=self.text + " ")

    def binding(self, variable, row):
        return dataclasses.replace(self, bound=self.bound | {variable: row})

    def after(self, words):
        return dataclasses.replace(self, parts=self.parts[1:], text=self.text + words)


class Domain:
    def __init__(self, fields, distinct):
        self.fields = fields
        self.distinct = distinct  # whether two variables have to be different rows
        self.rows = []


class Slot:
    def __init__(self, optional):
        self.optional = optional
        self.choices = []  # each a list of parts: a string, or (variable, domain, field index)


class Grammar:
    def __init__(self, text):
        self.domains, self.plots = {}, {}
        rows = slots = None
        for line in text.splitlines():
            if line.startswith("#") or not line.strip():
                continue
            if line.startswith(("domain ", "cast ")):
                head, fields = line.split(":")
                keyword, name = head.split()
                names = [field.strip() for field in fields.split("|")]
                domain = self.domains[name] = Domain(names, distinct=keyword == "cast")
                rows, slots = domain.rows, None
            elif line.startswith("plot "):
                slots = self.plots[line.removeprefix("plot ")] = []
            elif slots is None:
                rows.append([cell.strip() for cell in line.split("|")])
            else:
                if line[0] in "-?":
                    slots.append(Slot(optional=line[0] == "?"))
                slots[-1].choices.append(self._parts(line[2:]))

    def _parts(self, sentence):
        parts, at = [], 0
        for match in REFERENCE.finditer(sentence):
            domain, number, field = match.groups()
            parts.append(sentence[at : match.start()])
            index = self.domains[domain].fields.index(field) if field else 0
            parts.append((domain + number, domain, index))
            at = match.end()
        parts.append(sentence[at:])
        return [part for part in parts if part]

    def draw(self, rng: random.Random, bound=None):
        """A story; `bound` gives rows to variables that the story is asked to have, say {"child1": row}."""
        told = Telling(bound=bound or {})
        while not told.ended:
            told = preference.pick(rng, self.branches(told))
        return told.text

    def branches(self, told):
        """What a story can go on with: pairs (probability, telling)."""
        if told.slot < 0:
            return self._beginnings(told)
        if told.parts:
            return self._part(told)
        if told.slot + 1 == len(self.plots[told.plot]):
            return [(1, dataclasses.replace(told, ended=True))]
        return self._slot(dataclasses.replace(told, slot=told.slot + 1))

    def _part(self, told):
        part = told.parts[0]
        if isinstance(part, str):
            return [(1, told.after(part))]
        variable, domain, index = part
        if variable in told.bound:
            return [(1, told.after(told.bound[variable][index]))]
        odds = self._preferred(self._free(domain, told.bound), told)
        return [(odd, told.binding(variable, row).after(row[index])) for odd, row in odds]

    def _slot(self, told):
        slot = self.plots[told.plot][told.slot]
        ways = slot.choices + [None] * slot.optional
        return [
            (odd, told.beginning(sentence) if sentence else told)
            for odd, sentence in self._preferred(ways, told)]

    def _preferred(self, options, told):
        """Options in the order that the story's first hero, or what it was asked for, has for them."""
        variable = next(v for v in KEYS if v in told.bound)
        rows = self.domains[variable[:-1]].rows
        key = rows.index(told.bound[variable])
        return preference.preferred(
            options, preference.start(key, len(rows), len(options), max(told.slot, 0)))

    def _beginnings(self, told):
        """First sentences, in the order of the text: what they begin with alike, then the word there."""
        if told.bound:
            return [(odd, told.opening(*o)) for odd, o in self._preferred(self._openings(told), told)]
        odds = []
        for share, openings in preference.familiar(self._alike()):
            variable, domain, _ = openings[0][1][1]
            for odd, row in preference.familiar(self.domains[domain].rows):
                first = told.binding(variable, row)
                odds += [
                    (share * odd * rest, first.opening(*o))
                    for rest, o in self._preferred(openings, first)]
        return odds

    def _openings(self, told):
        return [
            (plot, sentence) for plot, slots in self.plots.items()
            if self.variables(plot) >= told.bound.keys() for sentence in slots[0].choices]

    @functools.cache
    def _alike(self):
        """Openings grouped by their first words and first variable, in the order of the file."""
        groups = {}
        for plot, sentence in self._openings(Telling()):
            words, (variable, *_) = sentence[:2]
            groups.setdefault((words, variable), []).append((plot, sentence))
        return list(groups.values())

    @functools.cache
    def variables(self, plot):
        return {p[0] for s in self.plots[plot] for c in s.choices for p in c if not isinstance(p, str)}

    def _free(self, domain, bound):
        if not self.domains[domain].distinct:
            return self.domains[domain].rows
        taken = [row for variable, row in bound.items() if variable[:-1] == domain]
        return [row for row in self.domains[domain].rows if row not in taken]

    def accepts(self, text):
        """Whether the grammar can produce the text."""
        return any(self._match(slots, 0, text, {}) for slots in self.plots.values())

    def _match(self, slots, at, text, bound):
        if at == len(slots):
            return text == ""
        if slots[at].optional and self._match(slots, at + 1, text, bound):
            return True
        # Sentences are parted by a space; the first one has none before it.
        if at > 0:
            if not text.startswith(" "):
                return False
            text = text[1:]
        return any(self._match_parts(c, 0, text, bound, slots, at + 1) for c in slots[at].choices)

    def _match_parts(self, parts, at, text, bound, slots, then):
        if at == len(parts):
            return self._match(slots, then, text, bound)
        part = parts[at]
        if isinstance(part, str):
            return text.startswith(part) and self._match_parts(
                parts, at + 1, text[len(part) :], bound, slots, then)
        variable, domain, index = part
        rows = [bound[variable]] if variable in bound else self._free(domain, bound)
        return any(
            text.startswith(row[index])
            and self._match_parts(
                parts, at + 1, text[len(row[index]) :], bound | {variable: row}, slots, then)
            for row in rows)


@functools.cache
def stories() -> Grammar:
    return Grammar(FILE.read_text())


if __name__ == "__main__":
    rng = random.Random(1)
    for _ in range(10):
        story = stories().draw(rng)
        assert stories().accepts(story), story
        assert not stories().accepts(story + " The end.")
        print(f"{story}\n")
