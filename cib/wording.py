"""The words for a cluster's kind and for what became of it, the same on every page and in every file: they name signs and
attribute nothing."""

KIND_WORDS = {
    "bot_cluster": "signs of automation",
    "troll_farm": "signs of a troll operation",
    "foreign_interference": "signs pointing abroad",
    "undetermined": "for review",
    "syndication": "open syndication",
    "crowd": "an ordinary crowd",
}
NO_KIND = "(none)"  # of an account that belongs to no cluster, where a file must say something
EVENT_WORDS = {  # of a lineage in a slice of time, in the order of a life
    "birth": "appeared",
    "continuation": "went on",
    "split": "split off",
    "merge": "merged",
    "dormancy": "paused",
    "return": "came back",
    "end": "ended",
}
