"""The program's own ear, run as its peers are."""

from collections.abc import Sequence

from recipe.measure_ear import listened
from recipe.peers_run import Recognize
from voice.config import settings
from voice.hearing import phrase_ears
from voice.house import read_catalog
from voice.sound.models import open_model


def opened(phrases: Sequence[str]) -> Recognize:
    """Open the shipped model; its graph is made beforehand or counts as loading."""
    chosen = settings()
    catalog, model = read_catalog(chosen.grammar), open_model(chosen.models)
    ears = phrase_ears(phrases, catalog, model, chosen.cache)

    def recognize(pcm: bytes) -> tuple[str, float]:
        heard = listened(pcm, ears)
        return heard.text, heard.score

    return recognize
