"""Small random worlds for the properties of the matching core."""

from hypothesis import strategies as st

from app.matching import Activity, Language, Profile
from app.matching.model import HAND_SET, Model, Worth

CODES = ("05", "054", "0541", "0542", "0511", "01", "011", "0114", "0222", "xx", "9")
LEVELS = ("0", "1", "2", "3", "6", "8", "nf", "?")
TAGS = ("sw", "en", "fr", "ar", "pt-BR", "pt-PT", "zh-Hans", "zh-Hant")
PLACES = (
    (None, ()),
    ("KE", ("001", "002", "202", "014")),
    ("TZ", ("001", "002", "202", "014")),
    ("FR", ("001", "150", "155")),
    ("BR", ("001", "019", "419", "005")),
    ("ZZ", ()),
)
HOURS = (0, 0, 0xFFFF << 18, 0xFFFF << 30, 0xFFFF, 0b111, 1 << 47 | 1, (1 << 48) - 1)
TEXTS = (
    "",
    "story telling games",
    "Story-telling and puzzles",
    "jeux et contes",
    "教育",
    "教育发展",
    "حكايات وألعاب",
    "!!",
)

subjects = st.lists(st.sampled_from(CODES), max_size=3).map(tuple)
languages = st.lists(
    st.builds(
        Language, st.sampled_from(TAGS), st.integers(0, 7), st.booleans(), st.sampled_from((1, 2, 3, 3, 3, 4, 5, 7))
    ),
    max_size=3,
).map(tuple)
activities = st.lists(
    st.builds(
        Activity,
        st.sampled_from(("translate", "review", "train")),
        st.none() | st.sampled_from(CODES),
        st.none() | st.sampled_from(TAGS),
    ),
    max_size=3,
).map(tuple)


@st.composite
def profiles(draw: st.DrawFn, key: int) -> Profile:
    country, regions = draw(st.sampled_from(PLACES))
    return Profile(
        key=key,
        kind=draw(st.sampled_from(("person", "person", "institution"))),
        country=country,
        regions=regions,
        subjects=draw(subjects),
        levels=draw(st.lists(st.sampled_from(LEVELS), max_size=3).map(tuple)),
        languages=draw(languages),
        offers=draw(activities),
        needs=draw(activities),
        interests=draw(st.sampled_from(TEXTS)),
        tags=draw(st.lists(st.sampled_from(("Robotics", "robotics", "OER", "")), max_size=2).map(tuple)),
        capacity=draw(st.sampled_from((None, None, 0, 1, 5))),
        fresh_days=draw(st.sampled_from((0, 60, 200, 5000))),
        hours=draw(st.sampled_from(HOURS)),
        utc_offset=draw(st.sampled_from((0, 180, 345, -600))),
        suggestible=draw(st.sampled_from((True, True, True, False))),
        public=draw(st.booleans()),
        not_as=draw(st.sampled_from(((), (), (), ("peers",), ("bridges", "collaborators"), ("institutions",)))),
    )


@st.composite
def worlds(draw: st.DrawFn, least: int = 0, most: int = 25) -> list[Profile]:
    size = draw(st.integers(least, most))
    keys = draw(st.permutations(range(1, size + 1)))
    return [draw(profiles(key * 3)) for key in keys]


def _small_enough(numbers: list[int]) -> bool:
    try:
        Worth(*numbers)
    except ValueError:
        return False
    return True


# Worthless, hand-set in size, and as large as a learnt model may be; those that could overflow are refused.
worths = (
    st.tuples(
        st.lists(st.sampled_from((0, 0, 1, 3, 8, 17, 40)), min_size=10, max_size=10),
        st.sampled_from((0, 40, 333)),
        st.sampled_from((1, 3, 8)),
        st.sampled_from((0, 0, 5)),
        st.sampled_from((0, 1, 8, 19)),
    )
    .map(lambda drawn: [*drawn[0], *drawn[1:]])
    .filter(_small_enough)
    .map(lambda numbers: Worth(*numbers))
)
models = st.just(HAND_SET) | st.builds(Model, worths, worths, worths, worths)
