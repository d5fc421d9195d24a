"""Months of work on one repository: features on branches, fixes, releases, and the stories among them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from functools import partial

from posture.demo import common_files
from posture.demo.decoys import DECOYS
from posture.demo.description import Where
from posture.demo.history import MAIN, Author, Changes, History, Submodule
from posture.demo.organisation import TEAMS, email_of
from posture.demo.shelf import Plan
from posture.demo.stacks.stack import Fix, Stack, Step, digest, fill
from posture.demo.stories import STORIES
from posture.demo.story import Story
from posture.demo.values import Values

BOT = Author("Halden bot", "bot@halden.example")
OFFICE = timezone(timedelta(hours=1))

Happening = Callable[[datetime], None]
Event = tuple[datetime, int, Happening]


class Timeline:
    """Plans what happens in one repository, then lets it happen in the order of time."""

    def __init__(self, plan: Plan, stack: Stack, rng: random.Random, values: Values, now: datetime) -> None:
        self.plan, self.stack, self.rng, self.values = plan, stack, rng, values
        self.name = plan.repository.name
        self.now = now.astimezone(OFFICE)
        self.history = History()
        self.versions = dict(stack.dependencies)
        self.release = [0, 1, 0]
        self.built: list[str] = []
        self.pull = 0
        self.stories = [story for story in STORIES if story.repository == self.name]
        self.authors = self._authors()
        self._events: list[Event] = []

    def write(self) -> History:
        """Return the history of the repository up to now."""
        self._plan_start()
        self._plan_features()
        self._plan_chores()
        for story in self.stories:
            self._plan_story(story)
        for at, _, happen in sorted(self._events, key=lambda event: event[:2]):
            happen(at)
        return self.history

    # When

    def _moment(self, days: float, *, weekends: bool = False) -> datetime:
        """Return a moment in office hours, some days before now."""
        at = self.now - timedelta(days=days)
        if not weekends:
            at -= timedelta(days=max(0, at.weekday() - 4))
        at = at.replace(hour=self.rng.randint(8, 17), minute=self.rng.randint(0, 59), second=self.rng.randint(0, 59))
        return min(at, self.now)

    def _at(self, days: float, happen: Happening) -> None:
        """Let something happen about `days` ago."""
        self._in_order([(days, happen)])

    def _in_order(self, plans: Sequence[tuple[float, Happening]], *, weekends: bool = False) -> None:
        """Let things happen one after the other, even where two fall on one day."""
        moments = sorted(self._moment(days, weekends=weekends) for days, _ in plans)
        for at, (_, happen) in zip(moments, plans, strict=True):
            self._events.append((at, len(self._events), happen))

    @property
    def age(self) -> float:
        """Days since the first commit."""
        return self.plan.months * 30.4

    # Who

    def _authors(self) -> list[Author]:
        owners = [team for team in TEAMS if team.slug == self.plan.repository.team]
        people = [person for team in owners or TEAMS[3:5] for person in team.members]
        guests = self.rng.sample([person for team in TEAMS for person in team.members if person not in people], 2)
        return [Author(person.name, person.email) for person in [*people * 3, *guests]]

    def _someone(self) -> Author:
        return self.rng.choice(self.authors)

    # What

    def _fill(self, template: str, noun: str = "") -> str:
        return fill(template, app=self.name, thing=noun)

    def _packages(self) -> dict[str, str]:
        return self.stack.manifest(self.name, ".".join(map(str, self.release)), self.versions)

    def _commit(self, message: str, changes: Changes, at: datetime, author: Author | None = None) -> None:
        self.history.commit(message, author or self._someone(), at, changes)

    def _committing(
        self, message: str, changes: Changes, *, author: Author | None = None, branch: str = MAIN
    ) -> Happening:
        """Return a commit that will be made when its time comes, starting its branch where there is none yet."""

        def happen(at: datetime) -> None:
            if not self.history.has(branch):
                self.history.branch(branch)
            self.history.commit(message, author or self._someone(), at, changes, branch)

        return happen

    def _plan_start(self) -> None:
        code = {self._fill(path): self._fill(text) for path, text in self.stack.start.items()}
        first: Changes = {"README.md": common_files.readme(self.plan, self.stack), ".gitignore": code.pop(".gitignore")}
        rest: Changes = {**code, **self._packages()}
        steps: list[tuple[str, Changes]] = [
            ("Begin", first),
            ("Lay out the project", rest),
            ("Check every change", common_files.workflow(self.stack)),
            ("Build an image and deploy it", common_files.deployment(self.name, self.stack)),
            ("Say who owns what", common_files.codeowners(self.plan)),
        ]
        self._in_order([(self.age - 2 * place, self._committing(*step)) for place, step in enumerate(steps)])
        for decoy in DECOYS:
            if decoy.repository == self.name:
                add = self._committing(f"Add {decoy.path.rsplit('/', 1)[-1]}", {decoy.path: decoy.text})
                self._at(self.rng.uniform(10, self.age - 10), add)
        if self.plan.repository.name == "mobile-ios":
            self._at(self.age - 20, self._add_large_files)

    def _add_large_files(self, at: datetime) -> None:
        self._commit("Keep pictures in Git LFS", common_files.large_files(), at)
        modules = '[submodule "vendor/design-kit"]\n\tpath = vendor/design-kit\n\turl = ../design-kit.git\n'
        kit = Submodule(digest("design-kit", algorithm="sha1").hex())
        self._commit("Share the design kit", {".gitmodules": modules, "vendor/design-kit": kit}, at)

    def _plan_features(self) -> None:
        """Spread the features over the life of the repository, each on its own branch for some days."""
        room = (self.age - 25) / max(1, len(self.plan.nouns))
        for place, noun in enumerate(self.plan.nouns):
            start = self.age - 14 - room * place - self.rng.uniform(0, room / 3)
            # Some last features are never finished, as in any company.
            ends = place + 1 < len(self.plan.nouns) or self.rng.random() < 0.7 or self._has_former_secrets
            self._plan_feature(noun, start, self.rng.uniform(3, min(12, room)), merged=ends)
            for fix in self.stack.fixes:
                if self.rng.random() < 0.8:
                    later = self.rng.uniform(1, max(2.0, start - 14))
                    self._at(later, partial(self._fix, fix, noun))

    @property
    def _has_former_secrets(self) -> bool:
        """Whether some secrets are to stand only in history, which an open branch could keep alive."""
        return any(story.where is Where.HISTORY for story in self.stories)

    def _plan_feature(self, noun: str, start: float, length: float, *, merged: bool) -> None:
        name, author = self._fill("feature/things", noun), self._someone()

        def step(each: Step, at: datetime) -> None:
            if not self.history.has(name):
                self.history.branch(name)
            changes: Changes = {self._fill(p, noun): self._fill(t, noun) for p, t in each.files.items()}
            for path, text in each.append.items():
                target = self._fill(path, noun)
                changes[target] = self.history.text(target, name) + self._fill(text, noun)
            self.history.commit(self._fill(each.message, noun), author, at, changes, name)

        happenings: list[Happening] = [partial(step, each) for each in self.stack.feature]
        if merged:
            happenings.append(partial(self._merge, name, self._fill("Add things", noun)))
        pace = length / len(happenings)
        self._in_order([(start - pace * number, happen) for number, happen in enumerate(happenings)])

    def _merge(self, name: str, title: str, at: datetime) -> None:
        self.pull += self.rng.randint(1, 4)
        self.history.merge(name, f"Merge pull request #{self.pull} from {name}\n\n{title}", self._someone(), at)

    def _fix(self, fix: Fix, noun: str, at: datetime) -> None:
        path = self._fill(fix.path, noun)
        before = self.history.text(path)
        after = before.replace(self._fill(fix.old, noun), self._fill(fix.new, noun))
        if before:
            self._commit(self._fill(fix.message, noun), {path: after}, at)

    def _plan_chores(self) -> None:
        """Updates by the bot every two weeks or so, and a release most months."""
        for day in _every(self.rng, self.age - 20, 9, 19):
            self._at(day, self._update)
        for day in _every(self.rng, self.age - 30, 24, 38):
            self._at(day, self._publish)

    def _update(self, at: datetime) -> None:
        package = self.rng.choice(sorted(self.versions))
        major, minor, patch = self.versions[package].split(".")
        if self.rng.random() < 0.3:
            minor, patch = str(int(minor) + 1), "0"
        else:
            patch = str(int(patch) + 1)
        self.versions[package] = f"{major}.{minor}.{patch}"
        self._commit(f"Update {package} to {self.versions[package]}", dict(self._packages()), at, BOT)

    def _publish(self, at: datetime) -> None:
        self.release = [self.release[0], self.release[1] + 1, 0]
        version = ".".join(map(str, self.release))
        entry = f"## {version} ({at:%Y-%m-%d})\n\n- {self.rng.choice(common_files.NEWS)}\n\n"
        log = self.history.text("CHANGELOG.md").removeprefix("# Changes\n\n")
        author = self._someone()
        self._commit(
            f"Release {version}", {"CHANGELOG.md": f"# Changes\n\n{entry}{log}", **self._packages()}, at, author
        )
        # A tag keeps what it points to: a secret that is to stand only in history gets none while it is there.
        held = any(
            story.where is Where.HISTORY and self.history.text(story.path) == story.dirty(self.values)
            for story in self.stories
        )
        if not held:
            self.history.tag(f"v{version}", author, at, f"Release {version}")

    def _plan_story(self, story: Story) -> None:
        author = Author(story.author, email_of(story.author)) if story.author else self._someone()
        branch = story.branch or MAIN
        if story.since:
            self._at(story.since, self._committing(f"Add {story.path.rsplit('/', 1)[-1]}", {story.path: story.tidy}))
        dirty = story.dirty(self.values)
        acts = [(story.appears, self._committing(story.message, {story.path: dirty}, author=author, branch=branch))]
        if story.removed:
            left = story.tidy if story.keeps_file else None
            acts.append((story.removed, self._committing(story.removal, {story.path: left}, branch=branch)))
        if story.merged:
            acts.append((story.merged, partial(self._merge, branch, story.message)))
        self._in_order(acts, weekends=True)


def _every(rng: random.Random, start: float, least: float, most: float) -> Iterator[float]:
    """Yield days before now from `start` towards now, some days apart."""
    day = start
    while day > 2:
        yield day
        day -= rng.uniform(least, most)
