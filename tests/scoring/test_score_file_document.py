"""What `docs/score-file.md` says of the file is what the program takes."""

import json
import re
from dataclasses import fields
from pathlib import Path

from inventory.severity import Severity, Validity
from posture.scoring import facts
from posture.scoring.card import score

TEXT = (Path(__file__).parents[2] / "docs" / "score-file.md").read_text(encoding="utf-8")
EXAMPLE = json.loads(re.search(r"```json\n(.*?)```", TEXT, re.DOTALL)[1])


def test_the_example_is_scored_in_every_pillar():
    card = score(facts.Facts.from_json(EXAMPLE))

    assert all(pillar.value is not None for pillar in card.pillars)


def test_every_key_that_the_program_takes_is_in_the_example_and_in_the_table():
    table = TEXT.partition("| Part | Key | Takes |")[2]
    shown = {
        facts.Facts: EXAMPLE,
        facts.Known: EXAMPLE["confidence"],
        facts.ExposureFacts: EXAMPLE["exposures"][0],
        facts.CredentialFacts: EXAMPLE["credentials"][0],
        facts.IdentityFacts: EXAMPLE["identities"][0],
        facts.RemediationFacts: EXAMPLE["remediation"],
        facts.RemediationItem: EXAMPLE["remediation"]["items"][0],
        facts.TrainingFacts: EXAMPLE["training"],
    }
    for kind, given in shown.items():
        names = {each.name for each in fields(kind)}
        assert names == set(given)
        assert all(f"`{name}`" in table for name in names)


def test_every_word_that_a_key_takes_is_in_the_table():
    for word in (*Severity, *Validity, *facts.STATES, *facts.VISIBILITIES):
        assert f"`{word}`" in TEXT
