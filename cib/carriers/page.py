from typing import Any
def write(path, tables, *, answer): path.write_text('x')
