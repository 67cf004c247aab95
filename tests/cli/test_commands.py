"""The contracts of the command line: answers, exit codes, sentences on standard error."""

from __future__ import annotations

import json
import sqlite3
import time
import zipfile

import pikepdf
import pytest

CONFLICT_KEYS = {"probability", "type", "grade", "reasons", "a", "b"}
SIDE_KEYS = {"file", "document", "page", "heading", "lead_in", "quote", "start", "end", "evidence"}
SIGNAL_KEYS = {
    "quote",
    "lead_in",
    "start",
    "end",
    "page",
    "heading",
    "addressee",
    "modality",
    "action",
    "direction",
    "object",
    "quantity",
    "deadline",
    "period",
    "priority",
    "resource",
    "condition",
    "level",
}


def test_help_answers_at_once(styrsignal):
    styrsignal("--help")
    begin = time.perf_counter()
    answer = styrsignal("--help")
    assert answer.returncode == 0 and "scan" in answer.stdout
    assert time.perf_counter() - begin < 1.5


@pytest.mark.parametrize(
    "command",
    [
        "scan",
        "check",
        "extract",
        "judge",
        "evaluate",
        "serve",
        "export",
        "plan",
        "train",
        "fetch",
        "load",
        "backup",
        "doctor",
    ],
)
def test_every_command_explains_itself_with_an_example(styrsignal, command):
    answer = styrsignal(command, "--help", COLUMNS="200")
    assert answer.returncode == 0
    assert f"styrsignal {command}" in answer.stdout and "Exempel" in answer.stdout


def test_extract_gives_signals_with_frames(styrsignal, document):
    answer = styrsignal("extract", document, "--json", "-")
    assert answer.returncode == 0, answer.stderr
    signals = json.loads(answer.stdout)
    assert len(signals) == 5
    text = document.read_text(encoding="utf-8")
    for signal in signals:
        assert set(signal) >= SIGNAL_KEYS
        assert signal["quote"] in text
    first = signals[0]
    assert first["addressee"] == ["Polisregion Syd"]
    assert first["deadline"] == "2026-03-01"
    assert [(q["value"], q["comparator"]) for q in first["quantity"]] == [(40, "min")]
    assert signals[1]["modality"] == "prohibition"
    assert signals[3]["direction"] == "decrease" and signals[3]["lead_in"]


def test_scan_finds_the_conflict_and_a_rescan_is_the_same(styrsignal, document, tmp_path):
    first = styrsignal("scan", document, "--db", "x.db", "--json", "one.json")
    assert first.returncode == 0, first.stderr
    assert not first.stderr, "no progress in a pipe"
    one = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))
    assert {"documents", "signals", "conflicts", "skipped", "timings"} <= set(one)
    assert len(one["documents"]) == 1 and len(one["signals"]) == 5 and not one["skipped"]
    probabilities = [conflict["probability"] for conflict in one["conflicts"]]
    assert probabilities == sorted(probabilities, reverse=True) and probabilities
    for conflict in one["conflicts"]:
        assert set(conflict) >= CONFLICT_KEYS
        for side in (conflict["a"], conflict["b"]):
            assert set(side) >= SIDE_KEYS
            assert side["evidence"] is None or side["evidence"] in f"{side['lead_in']} … {side['quote']}"
    # Lending them out breaks the ban and takes those that are to be detailed: both are listed, one of them first.
    quotes = [f"{conflict['a']['quote']} {conflict['b']['quote']}" for conflict in one["conflicts"]]
    true = [quote for quote in quotes if "låna ut" in quote and ("får inte tas" in quote or "avdela minst 40" in quote)]
    assert len(true) == 2 and true[0] == quotes[0]
    assert styrsignal("scan", document, "--db", "x.db", "--json", "two.json", "--quiet").returncode == 0
    two = json.loads((tmp_path / "two.json").read_text(encoding="utf-8"))
    for part in ("documents", "signals", "conflicts", "skipped"):
        assert one[part] == two[part]
    assert two["counts"]["unchanged files"] == 1 and two["counts"]["signals compared"] == 0


def test_check_stores_nothing(styrsignal, document, tmp_path):
    styrsignal("scan", document, "--db", "x.db")
    draft = tmp_path / "utkast.txt"
    draft.write_text("Områdespoliserna i Polisregion Syd ska under 2026 lånas ut till Polisregion Nord.\n", "utf-8")
    answer = styrsignal("check", draft, "--db", "x.db", "--json", "-")
    assert answer.returncode == 0, answer.stderr
    report = json.loads(answer.stdout)
    assert report["signals"] and report["conflicts"]
    assert {conflict["a"]["file"] for conflict in report["conflicts"]} == {str(draft)}
    with sqlite3.connect(tmp_path / "x.db") as connection:
        assert connection.execute("SELECT count(*) FROM documents").fetchone() == (1,)
    assert styrsignal("check", draft, "--db", "x.db", "--store", "--quiet").returncode == 0
    with sqlite3.connect(tmp_path / "x.db") as connection:
        assert connection.execute("SELECT count(*) FROM documents").fetchone() == (2,)


def make_wrong_files(folder):
    """name → what the file is, none of them readable."""
    (folder / "tom.md").write_bytes(b"")
    (folder / "program.pdf").write_bytes(b"\x7fELF\x02\x01\x01" + bytes(200))
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(folder / "låst.pdf", encryption=pikepdf.Encryption(user="x", owner="y"))
        pdf.save(folder / "hel.pdf")
    whole = (folder / "hel.pdf").read_bytes()
    (folder / "hel.pdf").unlink()
    (folder / "avhuggen.pdf").write_bytes(whole[: len(whole) // 2])
    with zipfile.ZipFile(folder / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"0" * (300 << 20))
    return ["tom.md", "program.pdf", "låst.pdf", "avhuggen.pdf", "bomb.docx"]


def test_wrong_files_are_named_and_the_rest_goes_on(styrsignal, document, tmp_path):
    folder = tmp_path / "blandat"
    folder.mkdir()
    names = make_wrong_files(folder)
    document.rename(folder / "beslut.md")
    answer = styrsignal("scan", folder, "--db", "x.db", "--json", "x.json")
    assert answer.returncode == 1
    for name in names:
        lines = [line for line in answer.stderr.splitlines() if name in line]
        assert len(lines) == 1, f"{name}: {answer.stderr}"
    report = json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))
    assert len(report["documents"]) == 1
    assert len(report["skipped"]) == len(names) and all(item["reason"] for item in report["skipped"])
    again = styrsignal("scan", folder, "--db", "x.db")
    assert again.returncode == 1 and all(name in again.stderr for name in names), "told again, not forgotten"


@pytest.mark.parametrize("case", ["tom mapp", "ingen sådan fil", "bara fel fil", "fel databas", "okänd inställning"])
def test_what_cannot_work_is_one_sentence_and_two(styrsignal, document, tmp_path, case):
    (tmp_path / "tom").mkdir()
    (tmp_path / "program.pdf").write_bytes(b"MZ" + bytes(100))
    (tmp_path / "brev.db").write_text("Detta är ett brev.", "utf-8")
    environment = {}
    arguments = {
        "tom mapp": ("scan", tmp_path / "tom"),
        "ingen sådan fil": ("scan", tmp_path / "saknas.pdf"),
        "bara fel fil": ("scan", tmp_path / "program.pdf"),
        "fel databas": ("scan", document, "--db", tmp_path / "brev.db"),
        "okänd inställning": ("scan", document),
    }[case]
    if case == "okänd inställning":
        (tmp_path / "styrsignal.toml").write_text('colour = "red"\n', "utf-8")
    answer = styrsignal(*arguments, **environment)
    assert answer.returncode == 2
    assert answer.stderr.startswith("styrsignal: ") and answer.stderr.count("\n") == 1
    assert "Traceback" not in answer.stderr
    assert (tmp_path / "brev.db").read_text("utf-8") == "Detta är ett brev."


def test_export_and_backup_through_the_command_line(styrsignal, document, tmp_path):
    styrsignal("scan", document, "--db", "x.db", "--quiet")
    assert styrsignal("export", "konflikter.csv", "--db", "x.db").returncode == 0
    header = (tmp_path / "konflikter.csv").read_text("utf-8-sig").splitlines()[0]
    assert header.startswith("Par;Sannolikhet;Typ")
    assert styrsignal("backup", "kopia.jsonl.gz", "--db", "x.db").returncode == 0
    assert styrsignal("load", "kopia.jsonl.gz", "--db", "y.db").returncode == 0
    assert styrsignal("doctor", "--db", "y.db").returncode == 0
