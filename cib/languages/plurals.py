"""Which plural a count takes: the cardinal rules of CLDR 46 for whole numbers, by language."""

from collections.abc import Callable, Mapping

Rule = Callable[[int], str]


def _two(n: int) -> str:
    return "one" if n == 1 else "other"


def _french(n: int) -> str:
    return "one" if n in (0, 1) else "other"


def _east_slavic(n: int) -> str:
    if n % 10 == 1 and n % 100 != 11:
        return "one"
    return "few" if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else "many"


def _south_slavic(n: int) -> str:
    found = _east_slavic(n)
    return "other" if found == "many" else found


def _polish(n: int) -> str:
    if n == 1:
        return "one"
    return "few" if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else "many"


def _czech(n: int) -> str:
    return "one" if n == 1 else "few" if 2 <= n <= 4 else "other"


def _romanian(n: int) -> str:
    return "one" if n == 1 else "few" if n == 0 or 1 <= n % 100 <= 19 else "other"


def _arabic(n: int) -> str:
    if n <= 2:
        return ("zero", "one", "two")[n]
    return "few" if 3 <= n % 100 <= 10 else "many" if n % 100 >= 11 else "other"


def _none(n: int) -> str:
    return "other"


CATEGORIES: dict[Rule, tuple[str, ...]] = {  # what a catalogue of such a language must give for every count
    _two: ("one", "other"),
    _french: ("one", "other"),
    _east_slavic: ("one", "few", "many", "other"),
    _south_slavic: ("one", "few", "other"),
    _polish: ("one", "few", "many", "other"),
    _czech: ("one", "few", "other"),
    _romanian: ("one", "few", "other"),
    _arabic: ("zero", "one", "two", "few", "many", "other"),
    _none: ("other",),
}
RULES: Mapping[str, Rule] = (
    dict.fromkeys(("en", "de", "nl", "sv", "da", "nb", "fi", "et", "it", "es", "el", "hu", "bg", "tr", "ka", "sq"), _two)
    | dict.fromkeys(("fr", "pt", "hy"), _french)
    | dict.fromkeys(("ru", "uk", "be"), _east_slavic)
    | dict.fromkeys(("sr", "hr", "bs"), _south_slavic)
    | dict.fromkeys(("cs", "sk"), _czech)
    | dict.fromkeys(("ja", "zh", "ko", "th", "vi", "id", "ms"), _none)
    | {"pl": _polish, "ro": _romanian, "ar": _arabic}
)


def category(code: str, n: int) -> str:
    """Return the plural category of `n` in a language; that of English where its rule is not known here.

    >>> [category("de", n) for n in (0, 1, 2)], [category("ru", n) for n in (1, 3, 11, 21, 25)]
    (['other', 'one', 'other'], ['one', 'few', 'many', 'one', 'many'])
    >>> [category("ar", n) for n in (0, 1, 2, 7, 11, 100, 103)]
    ['zero', 'one', 'two', 'few', 'many', 'other', 'few']
    """
    return RULES.get(code, _two)(n)


def categories(code: str) -> tuple[str, ...]:
    """Return the categories that every count of a catalogue in this language must have a wording for."""
    return CATEGORIES[RULES.get(code, _two)]
