"""
Finds what the project does at import that must not be in a snapshot. Runs at build time only. The modules whose import
was under way then are left out of the snapshot.
"""

import builtins
import contextlib
import importlib.abc
import importlib.machinery
import json
import operator
import sys
import weakref
from sys import monitoring

from . import generators, lazy
from .loading import Loading

PROJECT = "/session/metadata/"


def _first_validator(module):
    """Makes the first validator, which draws, so that no module of the project is blamed for it."""
    module.SchemaValidator({"type": "typed-dict", "fields": {}})


#: Modules whose draws at import are seeded or drawn anew when a Worker starts (see `reseed`), or are not secrets, so
#: that instances may share them; not those of their submodules, nor of their importers. The function is called after
#: the import.
IMPORTED = {
    "random": None,
    "numpy.random.mtrand": None,
    "multiprocessing.process": None,
    "rich.style": None,
    # The seed of its hash tables. Anyone who has the Worker's files can learn it, like the seed of Python's hashes.
    "pydantic_core": _first_validator,
    # Makes the names of its dummies unique among those that one process unpickles.
    "sympy.core.symbol": None,
}
#: Functions whose draws are not secrets either, for all callers, by their module, whose own draws are not either.
SHARED = {
    # The key of a server's session tickets: Workers accept no TLS. OpenSSL's generator is seeded anew.
    "ssl": "SSLContext.__new__",
    # Makes the names of context keys unique, which are compared in one process and never leave it.
    "opentelemetry.context": "uuid4",
    # The seed of a new generator. It is seeded anew, but must not be drawn from before.
    "random": "Random.__init__",
}
KINDS = ("entropy", "generators", "network", "callbacks", "files", "clock")
#: The kinds that are counted after each line of a project's module; to count JavaScript objects takes too long.
BY_LINE = ("entropy", "generators", "network", "files", "clock")
#: The lines of a module that are looked at, repeated ones included.
MOST_LINES = 10_000
TOOL = monitoring.PROFILER_ID

_host = None
_generators = None
_before = set()
_stack = []
_found = []
_missing = set()
_patched = []
#: By module, those that import it, whether or not it was there already.
_importers = {}
#: The imports under way of the project's modules, by the code of the module.
_lined = {}


@contextlib.contextmanager
def _reading(**how):
    """Draws, and readings of the clock, count meanwhile as `how` says."""
    before = {name: getattr(_host, name) for name in how}
    for name, value in how.items():
        setattr(_host, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(_host, name, value)


class _Import:
    """An import that is under way."""

    def __init__(self, name):
        self.name = name
        self.before = _read()
        self.by_others = dict.fromkeys(KINDS, 0)
        self.seen = dict.fromkeys(BY_LINE, 0)
        self.line = None
        self.looks = 0
        #: The first line that does it, by kind.
        self.lines = {}

    def __enter__(self):
        _stack.append(self)
        return self

    def __exit__(self, *_):
        if self.line is not None:
            self.reach(None)
        _stack.pop()
        for kind, total in _read().items():
            during = total - self.before[kind]
            if _stack:
                _stack[-1].by_others[kind] += during
            if during > self.by_others[kind] and not (kind == "generators" and self.name in IMPORTED):
                _found.append(
                    {
                        "code": "entropy" if kind == "generators" else kind,
                        "module": self.name,
                        "line": self.lines.get(kind),
                        "importers": [one.name for one in _stack],
                        # Another world shows whether memory keeps what was read.
                        "is_reading": kind in ("entropy", "clock"),
                    }
                )

    def reach(self, line):
        """Notes what the line before this one did."""
        for kind, total in _read(BY_LINE).items():
            during = total - self.before[kind] - self.by_others[kind]
            if during > self.seen[kind]:
                self.seen[kind] = during
                self.lines.setdefault(kind, self.line)
        self.line = line
        self.looks += 1


def _reach(code, line):
    importing = _lined.get(code)
    if importing is None or importing.looks > MOST_LINES:
        return monitoring.DISABLE
    importing.reach(line)


@contextlib.contextmanager
def _by_line(importing, loader):
    """Sees each line that the code of a project's module reaches; that of its functions is not looked at."""
    is_source = isinstance(loader, importlib.machinery.SourceFileLoader)
    if not is_source or not loader.path.startswith(PROJECT):
        yield
        return
    get_code = loader.get_code
    codes = []

    def watched(name):
        code = get_code(name)
        codes.append(code)
        _lined[code] = importing
        monitoring.set_local_events(TOOL, code, monitoring.events.LINE)
        return code

    loader.get_code = watched
    try:
        yield
    finally:
        del loader.get_code
        for code in codes:
            del _lined[code]


def _read(kinds=None):
    return {
        kind: _generators.moves() if kind == "generators" else getattr(_host, kind) for kind in kinds or KINDS
    }


class _Generators:
    """
    The random number generators that modules share or make. Each instance seeds them anew, but the numbers drawn before
    are in the snapshot, and no request to the host shows that they were drawn.
    """

    def __init__(self):
        self.total = 0
        self.made = [made for reference in generators if (made := reference())]
        self.states = self.read()

    def add(self, generator, seed=None):
        """Watches a generator, unless its module seeds it with something of its own, or it holds no state."""
        if seed is None and not isinstance(generator, sys.modules["random"].SystemRandom):
            self.moves()
            self.made.append(generator)
            generators.append(weakref.ref(generator))
            self.states = self.read()

    def moves(self):
        """Counts the calls after which a generator had drawn, or had been seeded, since the call before."""
        states = self.read()
        if states != self.states:
            self.total += 1
            self.states = states
        return self.total

    def read(self):
        states = [generator.getstate() for generator in self.made]
        if getstate := getattr(sys.modules.get("random"), "getstate", None):
            states.append(getstate())
        if numpy_random := getattr(sys.modules.get("numpy.random.mtrand"), "_rand", None):
            _, key, *rest = numpy_random.get_state()
            states.append((key.tobytes(), *rest))
        return states


def _share(module):
    """Lets instances share what a function of the module draws, if that is harmless."""
    path = SHARED.get(module.__name__)
    # The second is a module that is not loaded yet (see `lazy.py`).
    if path is None or path.partition(".")[0] not in vars(module):
        return
    parent, _, name = path.rpartition(".")
    owner = operator.attrgetter(parent)(module) if parent else module
    # Pyodide 314 has a module ssl of its own.
    if name not in vars(owner):
        return
    function = getattr(owner, name)

    def draw(*arguments, **options):
        with _reading(shares=True):
            result = function(*arguments, **options)
        # The seed of a new generator, which is drawn again when a Worker starts.
        if name == "__init__":
            _generators.add(*arguments, *options.values())
        return result

    _patched.append((owner, name, vars(owner)[name]))
    setattr(owner, name, draw)


@contextlib.contextmanager
def importing(name, creates=False):
    """Watches what a module does meanwhile; or a request at build time, by its own name (see `warm.py`)."""
    shares = name in IMPORTED or name in SHARED
    with _reading(importing=name, shares=shares, creates=creates), _Import(name) as one:
        yield one


def _note_import(import_module):
    def note(name, globals=None, locals=None, fromlist=(), level=0):
        module = import_module(name, globals, locals, fromlist, level)
        if _stack:
            name = str(getattr(module, "__name__", name)) if fromlist else name
            for one in (name, *(f"{name}.{part}" for part in fromlist or ())):
                while one:
                    # A module that is not loaded yet runs nothing (see `lazy.py`).
                    if one in sys.modules and one not in lazy.PENDING:
                        _importers.setdefault(one, {})[_stack[-1].name] = None
                    one = one.rpartition(".")[0]
        return module

    return note


def _all_importers(module, importers):
    """Also those that found the module there already: alone, each would import it."""
    found = dict.fromkeys(importers)
    left = [module, *importers]
    while left:
        for one in _importers.get(left.pop(), ()):
            if one != module and one not in found:
                found[one] = None
                left.append(one)
    return list(found)


class _Watching(Loading):
    def create_module(self, spec):
        if not isinstance(self.loader, importlib.machinery.ExtensionFileLoader):
            return super().create_module(spec)
        with importing(spec.name, creates=True):
            return super().create_module(spec)

    def exec_module(self, module):
        with importing(module.__name__) as one:
            with _by_line(one, self.loader):
                super().exec_module(module)
            if after := IMPORTED.get(module.__name__):
                after(module)
            _share(module)


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None and hasattr(spec.loader, "exec_module"):
                    spec.loader = _Watching(spec.loader)
                return spec
        _missing.add(name)
        return None


def begin(host):
    """
    Starts. `host` is a JavaScript object: the number of requests to the host, by kind. It is told the name of the module
    that is imported, whether instances may share what that draws, and whether it is a native one that is created.
    """
    global _host, _generators, _before
    _host = host
    _generators = _Generators()
    _before = set(sys.modules)
    for name in SHARED:
        if name in sys.modules:
            _share(sys.modules[name])
    monitoring.use_tool_id(TOOL, __name__)
    monitoring.register_callback(TOOL, monitoring.events.LINE, _reach)
    sys.meta_path.insert(0, _Finder())
    _patched.append((builtins, "__import__", builtins.__import__))
    builtins.__import__ = _note_import(builtins.__import__)


def end():
    """
    Stops, and removes itself. Returns, as JSON, what was found: of which kind, in which module and line, and which
    modules imported that; the modules that were imported, in the order of their imports; those of them that are not of
    the project; and the first parts of the names of all modules that Python has or looked for.
    """
    global _host, _generators
    _host = _generators = None
    monitoring.register_callback(TOOL, monitoring.events.LINE, None)
    monitoring.free_tool_id(TOOL)
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, _Finder)]
    while _patched:
        setattr(*_patched.pop())
    imported = [name for name in sys.modules if name not in _before]
    for remark in _found:
        remark["importers"] = _all_importers(remark["module"], remark["importers"])
    sys.modules.pop(__name__)
    # Otherwise a start from this memory would not import it again.
    del sys.modules[__package__].watch
    return json.dumps(
        {
            "remarks": _found,
            "imported": imported,
            "others": [name for name in imported if not _of_project(sys.modules[name])],
            "names": sorted({name.partition(".")[0] for name in (*sys.modules, *_missing)}),
        }
    )


def _of_project(module):
    return (getattr(module, "__file__", None) or "").startswith(PROJECT)
