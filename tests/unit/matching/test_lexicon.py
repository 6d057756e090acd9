"""The vocabulary in the index file knows what it was made of, and nothing else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching import lexicon
from app.matching.lexicon import Lexicon
from app.matching.vocabulary import Vocabulary

features = st.lists(
    st.sampled_from(("s:05", "w:sw:53", "w:sw:73", "o:train|*|*", "n:host|fr|~", "#:", "t:fr", "#:故事", "k:person"))
    | st.text(max_size=6).map("#:{}".format),
    unique=True,
)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(features, features)
def test_a_lexicon_answers_as_the_vocabulary_it_was_made_of(said: list[str], asked: list[str]) -> None:
    plain = Vocabulary(said)
    kept = Lexicon(lexicon.arrays(plain), sorted(plain.activities()))
    assert len(kept) == len(plain) and kept.features == said
    for feature in [*said, *asked, *said]:
        assert kept.find(feature) == plain.find(feature)
    numbers = [number for number in map(plain.find, said) if number is not None]
    assert [kept.feature(number) for number in numbers] == said
    assert kept.activities() == plain.activities()
    assert kept.working_languages("sw") == plain.working_languages("sw")
    over = Vocabulary(parent=kept)
    assert [over.number(one) for one in said] == numbers
    assert over.number("#:never said before") == len(kept)
