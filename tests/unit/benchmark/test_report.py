"""The report, made of results that are written down here."""

from benchmark import report, tables
from benchmark.store import Pair, Results, Run


def rounds(ours: dict[str, float], theirs: dict[str, float]) -> Run:
    return Run([Pair(ours, theirs)])


def load(cpu: float, rate: float = 1000, failed: float = 0) -> dict[str, float]:
    return {"requests_per_second": rate, "cpu_microseconds": cpu, "failed": failed}


def results() -> Results:
    """guava is a little dearer than nginx, and Falcon has failed now and then."""
    found = Results({"processor": "2 x Moon"}, {"nginx": "nginx/1.22.1"})
    found.put("guava", "hello", rounds(load(5.5), load(5.6)))
    found.put("nginx", "hello", rounds(load(5.5), load(5.0)))
    found.put("Falcon on bjoern", "hello", rounds(load(5.5), load(11, failed=3)))
    found.put("bjoern", "pipelined", Run(fault="stalls"))
    found.put("bjoern", "hello", Run(fault="does not start: no libev"))
    return found


def test_servers_stand_by_what_a_request_costs_and_the_failed_last():
    lines = tables.hello(results()).splitlines()[2:]
    names = [line.split("|")[1].strip() for line in lines]
    assert names == ["nginx", "guava", "Falcon on bjoern", "bjoern"]


def test_a_server_that_failed_is_shown_with_its_fault():
    assert "| bjoern | *does not start* | *does not start* |" in tables.hello(results())
    assert "- bjoern, hello: does not start: no libev" in tables.faults(results())


def test_failed_requests_are_marked():
    assert "| Falcon on bjoern | 1,000† | 11.00† | 0.50† |" in tables.hello(results())


def test_a_target_that_is_missed_says_so():
    lines = tables.targets(results()).splitlines()
    assert lines[2] == "| hello, CPU by nginx's | ≤ 1 × | 1.1 × | **no** |"
    assert lines[3].endswith("| ≤ 1 × | 0.5 × | yes |")


def test_a_target_that_was_not_measured_is_not_reached():
    line = tables.targets(results()).splitlines()[4]
    assert line.endswith("| not measured |  |")


def test_what_a_server_does_not_have_is_an_empty_cell():
    columns = {"hello": "a", "form": "b"}
    matrix = tables.matrix(results(), columns, tables.figure("failed"))
    assert "| nginx | 0 |  |" in matrix


def test_guava_stands_in_what_only_the_others_were_measured_in():
    found = results()
    found.put("nginx", "form", rounds(load(5.5), load(5.0)))
    lines = tables.matrix(found, {"form": "a"}, tables.figure(tables.CPU, ".1f"))
    assert "| guava | 5.5 |" in lines


def test_what_was_left_out_says_so():
    columns = {"hello": "a", "form": "b"}
    matrix = tables.matrix(results(), columns, tables.figure("failed"))
    assert "| guava | 0 | not measured |" in matrix


def test_the_page_has_every_peer_and_no_name_unfilled():
    page = report.page(results())
    assert "$" not in page
    assert "| Robyn |" in page
    assert "2 x Moon" in page


def test_only_the_table_of_a_text_is_made_anew():
    text = f"before\n{report.BEGIN}old\n{report.END}after\n"
    made = report.with_targets(text, results())
    assert made.startswith(f"before\n{report.BEGIN}")
    assert made.endswith(f"{report.END}after\n")
    assert "old" not in made
    assert report.with_targets(made, results()) == made
