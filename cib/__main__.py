"""python -m cib"""

from cib.cli import main

main()
