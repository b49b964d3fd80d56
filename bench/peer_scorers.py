"""How each peer scores a list of pairs, with the configuration that its authors recommend for names of companies.

A peer that learns is trained anew for each fold, on the pairs of the other folds, random ones included, as Vouch is.
"""

import asyncio
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import asyncpg
import dedupe
import pandas as pd
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from followthemoney import model
from nomenklatura.matching import LogicV2
from rapidfuzz import fuzz
from splink import Linker, SettingsCreator
from splink.backends.duckdb import DuckDBAPI
from string_grouper import compute_pairwise_similarities

from bench.fit_matching import FOLDS, Labelled, dot, fit
from suppliers.matching.matching import logistic
from tests.given import postgres

Scores = dict[Labelled, float]
PROBABILITIES = frozenset({"Vouch", "Splink", "dedupe"})  # the others give likenesses, which promise nothing

LEGAL_FORMS = frozenset({"ltd", "limited", "plc", "llp", "cic", "the"})  # taken off, as its guide to cleaning data advises
TOKEN_LEVELS = (1e-10, 1e-8, 1e-6, 1e-4, 1e-2)  # discussion 2022 of Splink: the product of the shared words' frequencies
SHARED = "list_filter(tokens_l, t -> list_contains(list_transform(tokens_r, r -> r.word), t.word))"
PRODUCT = f"coalesce(list_product(list_transform({SHARED}, t -> t.share)), 1.0)"


def vouch(pairs: Sequence[Labelled]) -> Scores:
    by_fold = [fit([pair for pair in pairs if pair.fold != fold]) for fold in range(FOLDS)]
    return {pair: logistic(dot(by_fold[pair.fold], pair.values)) for pair in pairs}


def wratio(pairs: Sequence[Labelled]) -> Scores:
    return {pair: fuzz.WRatio(pair.left.lower(), pair.right.lower()) for pair in pairs}


def token_set_ratio(pairs: Sequence[Labelled]) -> Scores:
    return {pair: fuzz.token_set_ratio(pair.left.lower(), pair.right.lower()) for pair in pairs}


def logic_v2(pairs: Sequence[Labelled]) -> Scores:
    """The matcher of OpenSanctions' service as it comes, both names being companies'."""
    config = LogicV2.default_config()
    company = {name: _company(name) for pair in pairs for name in (pair.left, pair.right)}
    return {pair: LogicV2.compare(company[pair.left], company[pair.right], config).score for pair in pairs}


def _company(name: str) -> Any:
    made = model.make_entity("Company")
    made.id = name
    made.add("name", name)
    return made


def string_grouper(pairs: Sequence[Labelled]) -> Scores:
    """TF-IDF of three letters at a time, as it comes."""
    left, right = (pd.Series([getattr(pair, side) for pair in pairs]) for side in ("left", "right"))
    return dict(zip(pairs, compute_pairwise_similarities(left, right), strict=True))


def pg_trgm(pairs: Sequence[Labelled]) -> Scores:
    """`similarity()` of PostgreSQL, which folds capitals itself."""
    with postgres.server() as url:
        return dict(zip(pairs, asyncio.run(_similarities(url, pairs)), strict=True))


async def _similarities(url: str, pairs: Sequence[Labelled]) -> list[float]:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        sql = "SELECT similarity(a, b) FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS pair (a, b, n) ORDER BY n"
        rows = await connection.fetch(sql, [pair.left for pair in pairs], [pair.right for pair in pairs])
        return [row[0] for row in rows]
    finally:
        await connection.close()


def dedupe_io(pairs: Sequence[Labelled]) -> Scores:
    """Its `String` (affine gaps) and `Text` (cosine of words by rarity) of the name, cleaned as in its examples.

    The classifier is trained as `train()` does it; blocking, which `train()` would learn too, has nothing to do here.
    """
    corpus = sorted({_cleaned(name) for pair in pairs for name in (pair.left, pair.right)})
    scores: Scores = {}
    for fold in range(FOLDS):
        learning = [pair for pair in pairs if pair.fold != fold]
        judged = [pair for pair in pairs if pair.fold == fold]
        fields = [dedupe.variables.String("name"), dedupe.variables.Text("name", corpus=corpus, name="words")]
        deduper = dedupe.Dedupe(fields, num_cores=1)
        deduper.classifier.fit(_distances(deduper, learning), [int(pair.same) for pair in learning])
        found = deduper.classifier.predict_proba(_distances(deduper, judged))[:, 1]
        scores |= dict(zip(judged, map(float, found), strict=True))
    return scores


def _distances(deduper: Any, pairs: Iterable[Labelled]) -> Any:
    return deduper.data_model.distances([({"name": _cleaned(p.left)}, {"name": _cleaned(p.right)}) for p in pairs])


def _cleaned(name: str) -> str:
    return re.sub(r"\s+", " ", name).strip().strip("\"'").lower().strip()


def splink(pairs: Sequence[Labelled]) -> Scores:
    """`u` from random pairs of all names; `m`, and how many pairs are the same, from the pairs of the other folds."""
    scores: Scores = {}
    names = splink_names({name for pair in pairs for name in (pair.left, pair.right)})
    for fold in range(FOLDS):
        learning = [pair for pair in pairs if pair.fold != fold]
        judged = [pair for pair in pairs if pair.fold == fold]
        prior = sum(pair.same for pair in learning) / len(learning)
        scores |= _splink_fold(names, learning, judged, prior)
    return scores


def _splink_fold(names: pd.DataFrame, learning: Sequence[Labelled], judged: Sequence[Labelled], prior: float) -> Scores:
    trained = splink_linker(names, ["1=0"], prior=prior)
    linker, api = trained
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    ids = dict(zip(names["name"], names["unique_id"], strict=True))
    same = [pair for pair in learning if pair.same]
    labels = pd.DataFrame({"unique_id_l": [ids[pair.left] for pair in same], "unique_id_r": [ids[pair.right] for pair in same]})
    linker.training.estimate_m_from_pairwise_labels(api.register(labels, table_name=f"labels_{judged[0].fold}"))
    settings = linker.misc.save_model_to_json()
    settings["blocking_rules_to_generate_predictions"] = ["l.pair = r.pair"]
    settings["link_type"] = "link_only"
    return _judged_by_splink(names, judged, settings)


def _judged_by_splink(names: pd.DataFrame, judged: Sequence[Labelled], settings: dict[str, Any]) -> Scores:
    api, of_name = DuckDBAPI(), names.set_index("name")
    tables = []
    for side in ("left", "right"):
        rows = of_name.loc[[getattr(pair, side) for pair in judged]].reset_index()
        rows["pair"] = rows["unique_id"] = range(len(judged))
        tables.append(api.register(rows, table_name=f"names_{side}"))
    linker = Linker(tables, settings, log_level=40)
    found = linker.inference.predict().as_pandas_dataframe()
    at = "pair_l" if "pair_l" in found else "unique_id_l"
    return {judged[place]: probability for place, probability in zip(found[at], found["match_probability"], strict=True)}


def splink_linker(names: pd.DataFrame, blocking: Sequence[Any], *, prior: float) -> tuple[Any, Any]:
    """For company names: likeness of the whole name, its frequency counting, and the words shared by how rare they are."""
    api = DuckDBAPI()
    levels = [cll.NullLevel("tokens")]
    levels += [cll.CustomLevel(f"{PRODUCT} < {limit}", label_for_charts=f"shared words {limit}") for limit in TOKEN_LEVELS]
    words = cl.CustomComparison(comparison_levels=[*levels, cll.ElseLevel()], output_column_name="tokens")
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[cl.NameComparison("cleaned").configure(term_frequency_adjustments=True), words],
        blocking_rules_to_generate_predictions=list(blocking),
        probability_two_random_records_match=prior,
        additional_columns_to_retain=["name"],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Linker(api.register(names, table_name="all_names"), settings, log_level=40), api


def splink_names(names: Iterable[str]) -> pd.DataFrame:
    """Words without signs and legal forms, each with its share of all words; the rarest two apart, to block on."""
    ordered = sorted(set(names))
    words = {name: _words(name) for name in ordered}
    counts = Counter(word for one in words.values() for word in one)
    total = sum(counts.values())
    rows = []
    for number, name in enumerate(ordered):
        rare = sorted(dict.fromkeys(words[name]), key=lambda word: (counts[word], word))
        tokens = [{"word": word, "share": counts[word] / total} for word in rare] or None
        first = " ".join(words[name][:2])
        rest: dict[str, Any] = {"rarest": rare[0] if rare else None, "second": rare[1] if len(rare) > 1 else None, "first": first}
        rows.append({"unique_id": number, "name": name, "cleaned": " ".join(words[name]) or None, "tokens": tokens} | rest)
    return pd.DataFrame(rows)


def _words(name: str) -> list[str]:
    found = re.findall(r"[a-z0-9]+", name.lower().replace("'", "").replace("&", " and "))
    return [word for word in found if word not in LEGAL_FORMS] or found


PEERS: dict[str, Callable[[Sequence[Labelled]], Scores]] = {
    "Vouch": vouch,
    "rapidfuzz WRatio": wratio,
    "rapidfuzz token_set_ratio": token_set_ratio,
    "Splink": splink,
    "dedupe": dedupe_io,
    "nomenklatura logic-v2": logic_v2,
    "string_grouper": string_grouper,
    "pg_trgm": pg_trgm,
}
