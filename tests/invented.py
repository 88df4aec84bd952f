"""A directory of five thousand people, who do not exist."""

from collections.abc import Iterator
from itertools import cycle, product

from voice.dialogue.people import Person

_FIRST = """
Adam Agnes Ahmed Alexander Ali Alva Amanda Amina Anders Anna Arvid Astrid Axel
Barbro Bengt Birgitta Björn Britt Camilla Carina Daniel David Ebba Elin Elsa Emil
Emma Erik Eva Fatima Fredrik Gun Gustav Göran Hanna Hassan Helena Henrik Ida Inger
Ingrid Jan Johan Jonas Josefin Karin Katarina Kerstin Kjell Kristina Lars Lena
Linnea Magnus Malin Maria Marie Martin Maryam Mikael Mohammed Mona Nils Olof Oskar
Per Peter Robin Sara Sofia Stefan Ulla Viktor Zahra Åke
"""
_LAST = """
Abdi Ahlgren Ali Andersson Berg Berglund Bergström Björk Blom Carlsson Dahl
Danielsson Ek Eklund Ekström Engström Eriksson Forsberg Fransson Gustafsson
Hansson Hassan Hedlund Hellström Henriksson Holm Holmgren Håkansson Isaksson
Jakobsson Jansson Johansson Jonsson Jönsson Karlsson Larsson Lind Lindberg
Lindgren Lindholm Lindqvist Lindström Lund Lundberg Lundgren Löfgren Magnusson
Mattsson Mårtensson Nguyen Nilsson Norberg Nordin Nyberg Nyström Olofsson Olsson
Persson Pettersson Samuelsson Sandberg Sjöberg Ström Sundberg Svensson Söderberg
Wallin Wikström Åberg Öberg
"""
_UNITS = """
Barnomsorg Bibliotek Ekonomi Fritid Gatukontoret Hemtjänst Kultur Lönekontoret
Miljökontoret Omsorg Personal Räddningstjänst Skola Socialtjänst Äldreomsorg
"""
FIRST, LAST, UNITS = _FIRST.split(), _LAST.split(), _UNITS.split()


def people() -> Iterator[Person]:
    """Yield every first name with every last name, unit by unit."""
    units = cycle(UNITS)
    for number, (first, last) in enumerate(product(FIRST, LAST), 10000):
        yield Person(str(number), f"{first} {last}", next(units))


PEOPLE = tuple(people())
