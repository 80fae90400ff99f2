"""Both databases answer alike: what was once answered is kept in a file, and either must answer so."""

import json
import os
from pathlib import Path

import pytest

from tests.aggregator.search import golden

pytestmark = pytest.mark.django_db
KEPT = Path(__file__).with_name("golden.json")


def test_both_databases_give_the_answers_that_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: golden.NOW)
    named = golden.build()
    asked = golden.questions()
    golden.factories.index()
    numbers = golden.Numbers()
    answers = [[what, text, golden.answer(what, text, named, numbers)] for what, text in asked]
    if os.environ.get("WRITE_GOLDEN"):
        lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in answers)
        KEPT.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    assert len(kept) >= 200
    assert sum(bool(found) for _, _, found in kept) > 150
    different = [
        (now, before)
        for now, before in zip(json.loads(json.dumps(answers)), kept, strict=True)
        if now != before
    ]
    assert different == []
