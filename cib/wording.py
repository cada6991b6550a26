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
LEVEL_WORDS = {  # what a cluster of each claim level is
    1: "coordinated beyond chance",
    2: "closer in time, or in an order, that interest and a coin do not give",
    3: "with indicators of inauthenticity",
    4: "consistent with a class of actor",
}
TECHNIQUES = {  # DISARM v1.6: name, tactic as a phase; only such as the acts of accounts can show
    "T0049.002": ("Flood Existing Hashtag", "maximise-exposure"),
    "T0049.003": ("Bots Amplify via Automated Forwarding and Reposting", "maximise-exposure"),
    "T0049.005": ("Conduct Swarming", "maximise-exposure"),
    "T0084": ("Reuse Existing Content", "develop-content"),
    "T0084.001": ("Use Copypasta", "develop-content"),
    "T0086.001": ("Develop Memes", "develop-content"),
    "T0118": ("Amplify Existing Narrative", "maximise-exposure"),
}
