"""What matching is worth to a body that it has never seen is measured with weights that are made as those that ship."""

from itertools import pairwise

import pytest

from bench import fit_matching
from bench.fit_matching import dot, fit, fitted_on
from bench.sources import left_out
from suppliers.matching.matching import logistic
from suppliers.matching.rarity import vocabulary

pytestmark = pytest.mark.pure

HEADS = ("Hollybank", "Hazelmere", "Quillfern", "Tarnbrook", "Ospreydale", "Wrenfold", "Larkhythe", "Merlinshaw", "Plovermoor")
STRANGERS = [f"{head} {work}" for head, work in zip(HEADS * 4, ("Catering", "Roofing", "Signs", "Lifts") * 9, strict=True)]


def row(left: str, right: str, body: str, *, same: bool) -> dict[str, str]:
    entities = {"entity_a": f"{body} {left}", "entity_b": f"{body} {left if same else right}"}
    bodies = {"body_a": body, "body_b": body}
    return {"name_a": left, "name_b": right, "same": str(int(same)), "stratum": "similar"} | entities | bodies


def rows(body: str) -> list[dict[str, str]]:
    names = [f"{name} {body}" for name in STRANGERS]
    same = [row(name, f"{name} Ltd", body, same=True) for name in names]
    return same + [row(left, right, body, same=False) for left, right in pairwise(names)]


def test_a_body_left_out_is_judged_by_weights_that_are_made_as_those_that_ship(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit_matching, "RANDOM_NEGATIVES", 200)  # of as few names, as good as 15,000
    seen, unseen, rarity = rows("Northmoor"), rows("Southmoor"), vocabulary()
    weights = fit(fitted_on(seen, rarity))
    judged = left_out(seen + unseen, frozenset({"Southmoor"}), rarity)
    assert len(judged) == len(unseen)
    assert all(p == logistic(dot(weights, pair.values)) for pair, p in judged)
