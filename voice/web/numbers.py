"""Numbers as pages write them: "2,5" and "65 %" in Swedish."""

from dataclasses import dataclass

from babel.numbers import format_decimal, format_percent

from voice.web.words import LOCALES, Words


@dataclass(frozen=True, slots=True)
class Numbers:
    """Writes numbers in the language of some words."""

    words: Words

    def decimal(self, number: float, digits: int = 1) -> str:
        """Return a number with so many digits: "2,5"."""
        form = f"#,##0.{'0' * digits}"
        return format_decimal(number, form, locale=LOCALES[self.words.language])

    def short(self, number: float) -> str:
        """Return a number with no more digits than it has: "0,5", "2"."""
        return format_decimal(number, "#,##0.##", locale=LOCALES[self.words.language])

    def percent(self, share: float) -> str:
        """Return a share of one: "65 %"."""
        return format_percent(share, locale=LOCALES[self.words.language])
