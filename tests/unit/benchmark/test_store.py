"""The file of results."""

from benchmark import store
from benchmark.store import Pair, Results, Run


def pairs(*values: tuple[float, float]) -> list[Pair]:
    return [Pair({"cpu": ours}, {"cpu": theirs}) for ours, theirs in values]


def test_a_value_is_the_median_of_the_rounds():
    assert Run(pairs((1, 10), (1, 90), (1, 20))).value("cpu") == 20


def test_a_ratio_is_the_median_of_the_ratios_of_each_round():
    """A machine that grows slower between two rounds does not tip it."""
    assert Run(pairs((1, 2), (10, 20), (100, 200))).ratio("cpu") == 0.5


def test_results_come_back_as_they_were_saved(tmp_path):
    results = Results({"kernel": "6"}, {"bjoern": "3.2.2"})
    results.put("bjoern", "hello", Run(pairs((1, 2))))
    results.put("bjoern", "pipelined", Run(fault="stalls"))
    file = tmp_path / "below" / "results.json"
    store.save(results, file)
    assert store.load(file) == results


def test_no_file_is_no_results(tmp_path):
    assert store.load(tmp_path / "none.json") == Results()


def test_what_was_not_measured_is_not_there():
    assert Results().get("bjoern", "hello") is None


def test_guava_is_known_by_its_figures_beside_the_others():
    results = Results()
    results.put("bjoern", "form", Run(pairs((1, 10))))
    results.put("Go", "form", Run(pairs((3, 10))))
    found = results.get("guava", "form")
    assert found is not None
    assert found.value("cpu") == 2
    assert results.get("guava", "json") is None


def test_servers_stand_in_the_order_that_is_asked_for():
    results = Results()
    for name in ("Go", "nginx"):
        results.put(name, "hello", Run(pairs((1, 2))))
    results.order(["guava", "nginx", "Go"])
    assert [*results.runs] == ["nginx", "Go"]
