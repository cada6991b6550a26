"""The formats of the house, in the order in which a file is compared with them; `generic` takes what is left."""

from cib.sources import generic

FORMATS = (generic.FORMAT,)
