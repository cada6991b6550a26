"""Every regime by its name: what the members of a campaign do together."""

from collections.abc import Callable

from cib.simulator.acts import amplify, brigade, copy, farm, flood, launder
from cib.simulator.members import Operation
from cib.simulator.posts import Posts
from cib.simulator.single import SINGLE

Regime = Callable[[Operation], list[Posts]]
REGIMES: dict[str, Regime] = {
    "amplify": amplify,
    "farm": farm,
    "launder": launder,
    "flood": flood,
    "copy": copy,
    "brigade": brigade,
    **SINGLE,
}
