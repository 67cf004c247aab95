import pytest

from ui.ways import Way, document_address, read_document_way, read_way

WAYS = [
    Way(),
    Way(type="target", grade=2, least=10),
    Way(level="government decision", status="disagreed", assigned="@me"),
    Way(documents=(3, 3)),
    Way(documents=(12, 7), least=100),
    Way(units=("Polisregion Syd", 'Åre & "grannar" (norra) #1'), depth=3),
    Way(units=("Polismyndigheten",)),
]


@pytest.mark.parametrize("way", WAYS)
def test_a_way_reads_back_from_its_address(way: Way) -> None:
    assert read_way(way.address) == way


@pytest.mark.parametrize("way", WAYS)
def test_an_address_can_stand_in_a_markdown_link(way: Way) -> None:
    assert not set(way.address) & set(" ()<>[]\"'|#\n")


@pytest.mark.parametrize(
    "address",
    ["", "https://example.com/?vy=granska", "javascript:alert(1)", "?par=7", "?vy=annat", "?vy=granska" + "&x=1" * 999],
)
def test_other_addresses_are_no_ways(address: str) -> None:
    assert read_way(address) is None and read_document_way(address) is None


def test_what_cannot_be_read_is_passed_over() -> None:
    told = "?vy=granska&typ=x&grad=99&niva=hög&dokument=1e9&dokument=7&djup=-1&minst=٣&status=<b>"
    assert read_way(told) == Way(grade=2, documents=(7,), depth=0)


def test_ways_to_documents() -> None:
    assert read_document_way(document_address(5)) == (5, None)
    assert read_document_way(document_address(5, 0)) == (5, 0)
    assert read_document_way("?vy=dokument&dokument=x") is None
    assert read_way(document_address(5)) is None
