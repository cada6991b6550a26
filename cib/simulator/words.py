"""What people write: two languages of common and invented words, drawn by rank as words are in real text."""

import numpy as np

from cib.simulator.draws import weighted

LANGS = ("en", "de")
COMMON = {
    "en": """the and to of a in is it you that for on we this with be are have was not but they what all so if just at my
    about can do from more will would there when who how been now out up their our some time like people today really
    think see good know make want new still well back here after first go need right over good day year week life place
    light water house road town school work music game story book morning evening summer winter garden river kitchen
    train market window friend family question answer number picture season player coffee bread weather""",
    "de": """der die und das in den von zu mit sich des auf ist im dem nicht ein eine als auch es an er so dass kann
    dieses wenn wir noch nach werden bei einer um am sind oder aber hat nur wie mehr aus man hier schon alle heute immer
    wieder gut viel neue ganz sehr gerade einfach etwas leben woche stadt haus schule arbeit musik spiel buch morgen
    abend sommer winter garten fluss zug markt fenster freund familie frage antwort bild saison kaffee brot wetter
    strasse wasser licht tag jahr leute""",
}
ONSETS = {
    "en": "b br c cl d dr f fl g gr h k l m n p pl r s sh st t tr w",
    "de": "b bl d f g gr h k kn l m n p r s sch st t tr v w z",
}
NUCLEI = {"en": "a e i o u ea oo ai", "de": "a e i o u ei au ie"}
CODAS = {"en": "n t ck ll m rd sp", "de": "n t ch l mm rg st"}
ENDINGS = {"en": "er ing y le ow", "de": "en er ung lich el"}
STOCK = {
    "en": (
        "good morning everyone have a lovely day",
        "happy birthday hope you have a great one",
        "thank you so much for the follow",
        "what a match that was simply incredible",
        "i need another coffee before this meeting",
        "can we talk about how good this song is",
        "is it friday yet asking for a friend",
        "so proud of this team well done everyone",
        "please share this so that it reaches more people",
        "the weather today is absolutely perfect",
        "i cannot believe it is already march",
        "counting down the hours to the weekend",
    ),
    "de": (
        "guten morgen zusammen habt einen schoenen tag",
        "alles gute zum geburtstag und viel glueck",
        "vielen dank fuer das folgen freut mich sehr",
        "was fuer ein spiel einfach unglaublich",
        "ich brauche noch einen kaffee vor der sitzung",
        "ist schon freitag ich frage fuer einen freund",
        "bitte teilen damit es mehr leute erreicht",
        "das wetter ist heute einfach perfekt",
    ),
}  # what strangers write word for word alike
EMOJI = ("🙂", "😂", "🔥", "❤️", "🙏", "👏", "🎉", "🤔")
N_VOCABULARY = 4_000
N_TOPIC = 150


def _invented(lang: str) -> list[str]:
    """Return invented words of one and two syllables ("brock", "flainer"), in an order that mixes them, always the same."""
    heads = [onset + nucleus for onset in ONSETS[lang].split() for nucleus in NUCLEI[lang].split()]
    short = [head + coda for head in heads for coda in CODAS[lang].split()]
    long = [head + middle + ending for head in heads for middle in "dlmnrstv" for ending in ENDINGS[lang].split()]
    words = short + long
    order = np.random.Generator(np.random.PCG64(len(words))).permutation(len(words))
    return [words[i] for i in order]


def vocabulary(lang: str) -> np.ndarray:
    """Return object[N_VOCABULARY]: the words of `lang`, most frequent first, without repetition."""
    words = dict.fromkeys(COMMON[lang].split() + _invented(lang)[: 2 * N_VOCABULARY])
    return np.array(list(words)[:N_VOCABULARY], dtype=object)


class Writer:
    """Makes texts. Word ranks follow Zipf-Mandelbrot; a third of the words belong to the topic of the community.

    The simplification that can matter: words are drawn independently, so rare word pairs repeat by chance alone
    and real collocations are missing, apart from the stock phrases.
    """

    def __init__(self, rng: np.random.Generator, n_topics: int):
        self.words = [vocabulary(lang) for lang in LANGS]
        self._weights = 1.0 / (np.arange(N_VOCABULARY) + 2.7)
        self._topic_weights = 1.0 / (np.arange(N_TOPIC) + 2.0)
        self.topics = rng.integers(100, N_VOCABULARY, (n_topics, N_TOPIC))

    def _ranks(self, rng: np.random.Generator, topic: np.ndarray) -> np.ndarray:
        common = weighted(rng, self._weights, topic.size)
        special = self.topics[topic, weighted(rng, self._topic_weights, topic.size)]
        return np.where(rng.random(topic.size) < 0.33, special, common)

    def texts(self, rng: np.random.Generator, lang: np.ndarray, topic: np.ndarray, *, mean_words: float = 11) -> list[str]:
        """Return one text per row of `lang` and `topic` (numbers, int64[n]), 3 to 40 words long."""
        length = np.clip(rng.lognormal(np.log(mean_words), 0.45, lang.size), 3, 40).astype(np.int64)
        end = np.cumsum(length)
        ranks = self._ranks(rng, np.repeat(topic, length))
        ending = rng.choice(["", ".", "!", "?", "…"], lang.size, p=[0.5, 0.26, 0.12, 0.08, 0.04])
        smile = np.where(rng.random(lang.size) < 0.12, rng.integers(1, len(EMOJI) + 1, lang.size), 0)
        faces = ("", *(" " + e for e in EMOJI))
        return [
            " ".join(self.words[w][ranks[b - n : b]]).capitalize() + str(e) + faces[s]
            for w, b, n, e, s in zip(lang, end, length, ending, smile, strict=True)
        ]

    def paraphrase(self, rng: np.random.Generator, text: str, *, lang: int, share: float) -> str:
        """Return `text` with each word replaced with probability `share` by another of the language."""
        words = text.split(" ")
        change = rng.random(len(words)) < share
        other = self.words[lang][rng.integers(40, N_VOCABULARY, len(words))]
        return " ".join(str(o) if c else w for w, o, c in zip(words, other, change, strict=True))
