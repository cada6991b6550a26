"""The formats of the house, in the order in which a file is compared with them; `generic` takes what is left."""

from cib.sources import coortweet, generic, ira_538, rtweet, twitter_io

FORMATS = (rtweet.FORMAT, twitter_io.FORMAT, ira_538.FORMAT, coortweet.FORMAT, generic.FORMAT)
