"""Stories from a grammar, and the check of a text against it (see stories.grammar)."""

import functools
import pathlib
import random
import re

FILE = pathlib.Path(__file__).parent / "../src/main/resources/dev/diecast/tools/demo/stories.grammar"
REFERENCE = re.compile(r"\{([a-z]+)([0-9])(?:\.([A-Za-z]+))?\}")


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

    def variables(self, plot):
        return {p[0] for s in self.plots[plot] for c in s.choices for p in c if not isinstance(p, str)}

    def draw(self, rng: random.Random, bound=None, plot=None):
        """A story; `bound` gives rows to variables, say {"child1": row}."""
        bound = dict(bound or {})
        plot = plot or rng.choice([p for p in self.plots if self.variables(p) >= bound.keys()])
        sentences = []
        for slot in self.plots[plot]:
            if not slot.optional or rng.random() < 0.5:
                sentences.append(self._draw(rng.choice(slot.choices), rng, bound))
        return " ".join(sentences)

    def _draw(self, parts, rng, bound):
        text = ""
        for part in parts:
            if isinstance(part, str):
                text += part
            else:
                variable, domain, index = part
                if variable not in bound:
                    bound[variable] = rng.choice(self._free(domain, bound))
                text += bound[variable][index]
        return text

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
    for name in stories().plots:
        story = stories().draw(rng, plot=name)
        assert stories().accepts(story), story
        assert not stories().accepts(story + " The end.")
        print(f"{name}: {story}\n")
