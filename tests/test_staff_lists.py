"""Staff lists in CSV as spreadsheets write them, and as a slip makes them."""

import pytest

from voice.numbering import NumberPlan
from voice.staff import Wrong
from voice.staff_lists import StaffList, StaffListError, read_list

HEAD = "extension,name,unit\n"


def read(text: str) -> StaffList:
    return read_list(text.encode(), "staff.csv", NumberPlan())


def refused(text: str) -> list[tuple[int, Wrong]]:
    """Read what cannot be read; return each line that is at fault, and why."""
    with pytest.raises(StaffListError) as caught:
        read(text)
    return [(each.line, each.wrong) for each in caught.value.faults]


def test_a_comma_too_many_shifts_nobody_into_a_wrong_column():
    text = f"{HEAD}1234,Berg, Anna,Skola\n1300,Bo Ek,Vård\nx,Eva,Ek,\n"
    assert refused(text) == [(2, Wrong.CELLS), (4, Wrong.NUMBER)]


def test_empty_cells_at_the_end_of_a_row_are_no_fault():
    (anna,) = read(f"{HEAD}1234,Anna Berg,Skola,,\n").lines
    assert (anna.name, anna.unit) == ("Anna Berg", "Skola")


@pytest.mark.parametrize("row", [";;\n", " ; ;\n", "\n", ";;;;;\n"])
def test_a_row_in_which_nothing_stands_is_passed_over(row: str):
    head = HEAD.replace(",", ";")
    staff = read(f"{head}{row}1234;Anna;Skola\n{row}1300;Bo;Vård\n{row}")
    assert [each.extension for each in staff.lines] == ["1234", "1300"]


@pytest.mark.parametrize(
    "row", ['1300,"Bo Ek,Vård\n1301,Eva,Vård\n', '1300,"Bo\n1301,"Eva",Vård\n']
)
def test_a_quotation_mark_that_nobody_closes_makes_no_one_of_two(row: str):
    assert refused(f"{HEAD}1234,Anna,Skola\n{row}") == [(3, Wrong.CSV)]


def test_a_cell_of_two_lines_that_is_closed_is_one_line():
    (anna,) = read(f'{HEAD}1234,"Anna\nBerg",Skola\n').lines
    assert anna.name == "Anna Berg"


def test_columns_that_nothing_is_taken_from_are_told_so_that_they_can_be_seen():
    head = "Extension;Name;Mobile;Titel;;b\x1b[31m\n"
    staff = read(f"{head}1234;Anna;070-123 45 67;chef;;\n")
    assert staff.unread == ("titel", r"b\x1b[31m")
    assert staff.lines[0].mobiles == ("+46701234567",)
    assert len(read(f"{HEAD.strip()}{',x' * 3}\n1,A,\n").unread) == 1


def test_of_many_columns_some_are_told():
    columns = ",".join(map(str, range(2000, 3000)))
    assert len(read(f"extension,name,{columns}\n1234,Anna\n").unread) == 10
