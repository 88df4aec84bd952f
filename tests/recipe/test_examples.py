"""What a network learns from: the same by the same seed, and the features of Kaldi."""

from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from recipe.examples import (
    BANDS,
    CEPSTRA,
    ClipsError,
    Studio,
    at_work,
    masked,
    mfcc,
    read_clips,
)

from voice.sound.models import open_model
from voice.sound.net import mfcc as heard_mfcc
from voice.sound.net import open_net

MODELS = Path(__file__).parents[2] / "models"
PHONES = ("SIL", "a", "k", "t")


@pytest.fixture
def clips(tmp_path):
    rng = np.random.default_rng(1)
    rows = []
    for number, said in enumerate(("t a k", "k a | t a", "a k a", "t a")):
        sound = rng.standard_normal(4000 + 800 * number) * 0.1
        sf.write(tmp_path / f"{number}.wav", sound, 8000)
        rows.append(f"{number}.wav\tord\t{said}\n")
    (tmp_path / "index.tsv").write_text("".join(rows), encoding="utf-8")
    return read_clips(tmp_path)


def test_words_are_read_phone_by_phone(clips):
    assert clips[1].words == (("k", "a"), ("t", "a"))


def test_silence_may_stand_between_words_and_nowhere_within_them(clips):
    target = Studio(PHONES, 1, coded=False).plain(clips[1]).target
    assert target == [
        *((0, True), (2, False), (1, False)),
        *((0, True), (3, False), (1, False), (0, True)),
    ]


def test_a_round_is_the_same_by_the_same_seed_and_another_by_another(clips):
    def frames(seed, number):
        studio = Studio(PHONES, seed, coded=False)
        return [e.frames for e in studio.part(clips, 0, number, clips)]

    first, again = frames(1, 0), frames(1, 0)
    assert all(map(np.array_equal, first, again))
    for other in (frames(2, 0), frames(1, 1)):
        assert not all(map(np.array_equal, first, other))


def test_processes_make_what_one_would(clips):
    studio = Studio(PHONES, 3, coded=False)
    with at_work(1) as workers:
        (made,) = studio.round(clips, 0, workers)
    assert len(made) >= len(clips)
    assert {e.frames.shape[1] for e in made} == {BANDS}


def test_easy_rounds_hear_clips_as_they_are(clips):
    with at_work(1) as workers:
        (made,) = Studio(PHONES, 3, plain_rounds=1).round(clips, 0, workers)
    plain = sorted(len(Studio(PHONES, 9).plain(clip).frames) for clip in clips)
    assert sorted(len(e.frames) for e in made) == plain


def test_features_are_those_the_ear_computes():
    pcm = (np.random.default_rng(0).standard_normal(8000) * 2000).astype("<i2")
    net = open_net(open_model(MODELS))
    np.testing.assert_allclose(
        mfcc(pcm / 32768), heard_mfcc(pcm.tobytes(), net.features), atol=1e-2
    )


def test_bands_can_be_told_from_cepstra():
    bands = np.random.default_rng(0).standard_normal((5, BANDS))
    np.testing.assert_allclose(bands @ CEPSTRA.T @ np.linalg.inv(CEPSTRA).T, bands)


def test_something_is_hidden_now_and_then():
    frames = np.random.default_rng(0).standard_normal((50, BANDS)).astype(np.float32)
    changed = [
        not np.allclose(
            masked(frames.copy(), np.random.default_rng(n)), frames, atol=1e-3
        )
        for n in range(30)
    ]
    assert 5 < sum(changed) < 30


@pytest.mark.parametrize(
    ("index", "why"), [(None, "holds no clips"), ("a.wav\tord\n", "a line without")]
)
def test_a_folder_without_clips_is_told_of(tmp_path, index, why):
    if index:
        (tmp_path / "index.tsv").write_text(index, encoding="utf-8")
    with pytest.raises(ClipsError, match=why):
        read_clips(tmp_path)
