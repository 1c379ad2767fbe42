"""
Notes on modules that are not found. Pyodide's own propose micropip, which Workers do not have, and say that packages of
the set such as `sqlite3` were removed from Python.
"""

import json

from _pyodide import _importhook

#: The packages of the set that the Worker does not include, by the names of their modules. The build writes it.
FILE = "/lib/pinwheel/absent.json"

_explain = _importhook.add_note_to_module_not_found_error


def install():
    _importhook.add_note_to_module_not_found_error = _add_note


def _add_note(error):
    with open(FILE) as file:
        package = json.load(file).get(error.name)
    if package is None:
        _explain(error)
    elif not hasattr(error, _importhook.PYODIDE_ADDED_NOTE):
        setattr(error, _importhook.PYODIDE_ADDED_NOTE, True)
        # The build makes its fix of this note.
        error.add_note(f"Add {package} to the requirements: the package set has it.")
