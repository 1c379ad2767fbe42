"""Writes random Python programs that CPython accepts: `generate_programs.py SEED COUNT FOLDER`.

They import in every kind of block, behind every form of expression that a block's head may have.
"""

import ast
import pathlib
import random
import sys
import warnings

ATOMS = [
    *("x", "a.b", "f(1)", '"s"', "1", "1.", "1e3", "0x1f", "...", "None", "print", "match", "case", "type", "_"),
    *("[1, 2]", "(1, 2)", "{1: 2}", "{*a, b}", "[*a, b]", "(*a, b)", "{**a}", "a[1:2]", "a[1:2, ::3]", "a[*b]"),
    *("f(*a, **k)", "f(a for a in b)", "[a for a in b if c]", "{a: b for a in c}", "(yield)", "(y := 1)"),
    *('f"{x}"', 'f"{x!r:>{w}}"', "f'{a[\"b\"]}'", 'f"""{\nx}"""', 'rb"x"', 'b"y" b"z"', '"a" "b"'),
    *("lambda: 1", "lambda a, *b, c=1, **d: a", "lambda a, /, b: a", "await z", "not x", "-x", "~x"),
    *("x if y else z", "a and b", "a or not b", "a < b <= c", "a is not b", "a not in b", "a ** -b", "a @ b"),
    *("a, b", "*a, b", "a,", "(\n  a,\n  b)", "[\n]", "a \\\n  + b", '"""t\nimport no\n"""'),
]
TARGETS = [
    *("x", "x.y", "x[0]", "x[a[1]]", "x.y[0].z", "(a, b)", "[a, b]", "(a, *b)", "x[f(1)]", 'x["k"]'),
    *("(x.y)", "(a[0], b.c)", "(\n a,\n b\n)"),
]
LOOP_TARGETS = [*TARGETS, "a, b", "a, *b", "*a, b", "(a), b", "a[0], b"]
PATTERNS = [
    *("1", '"x"', "x", "_", "A()", "A(b=1)", "a.B", "[a, *b]", "a, b", "a,", "*a, b", "(a | b)", "1 | 2"),
    *('{"k": v, **r}', "{}", "A() as b", "x if y", "[a, b] if x > 1", "-1", "1+2j", "None", "(a)"),
    *("str() | None", '{"a": 1}'),
]
CAUGHT = [
    *("ImportError", "(ImportError, ValueError)", "ModuleNotFoundError as e", "Exception", "BaseException"),
    *("ValueError", "builtins.ImportError", "OSError as e"),
]
RAISING = ["raise", 'raise E("x") from e', "if x: raise", "if a:\n  raise\nelse:\n  raise", "with b:\n  raise"]
MANAGERS = [
    *("suppress(ImportError)", "contextlib.suppress(A, ModuleNotFoundError)", "suppress(BaseException)"),
    *("suppress(Exception), a", "suppress(ValueError)", "f(suppress(ImportError))"),
]
CONDITIONS = ["TYPE_CHECKING", "typing.TYPE_CHECKING", "(TYPE_CHECKING)", "not TYPE_CHECKING"]
DECORATORS = ["a.b", "f(1)", "a[0].b", "(x or y)", "lambda f: f", "x := y", "not x"]
FILLERS = ["", "\f", "# c", "   ", "    # odd", "\t# t", "\f# c"]
KINDS = ["if", "while", "for", "with", "items", "match", "try", "raise", "star", "def", "class", "async", "once"]
DEEPEST = 3
BLOCKS = 3


class Writer:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.modules = 0

    def maybe(self, chance):
        return self.random.random() < chance

    def one(self, *choices):
        return self.random.choice(choices)

    def expression(self):
        atom = self.one(*ATOMS)
        if self.maybe(0.15):
            return f"({self.expression()})"
        return f"f({atom})" if self.maybe(0.1) else atom

    def importing(self):
        self.modules += 1
        name = f"m{self.modules}"
        return self.one(
            *(f"import {name}", f"import {name}.a as b", f"from {name} import a, b", f"from . import {name}"),
            *(f"from .{name} import (a,\n   b)", f"import {name}; x = 1", f"x = 1; import {name}"),
            *(f'import_module("{name}")', f'import_module("m" "{self.modules}")', f'x = __import__("{name}")'),
            *(f'importlib.import_module("{name}")', f"import_module('{name}', package=p)"),
            f"x = __import__(r'''{name}''')",
            f'x = [lambda a=import_module("{name}"): __import__("b"), 1]',
        )

    def simple(self, in_function):
        atom = self.one(*ATOMS)
        return self.one(
            *(f"x = {self.expression()}", self.expression(), f"x: {atom} = {self.expression()}", "del x"),
            *(f"assert x, {atom}", f"x += {self.expression()}", "global g", "pass", f"print({atom})"),
            "return" if in_function else "pass",
        )

    def block(self, depth, in_function):
        statements = [self.statement(depth, in_function) for _ in range(self.random.randint(1, 3))]
        return [line for lines in statements for line in lines]

    def compound(self, head, depth, in_function):
        if self.maybe(0.2):
            return [f"{head}: {self.importing().replace(chr(10), '')}"]
        indent = " " * self.one(1, 2, 4)
        inside = self.block(depth + 1, in_function)
        return [f"{head}:{self.one('', '', '  # c')}", *indented(indent, inside)]

    def statement(self, depth, in_function):
        filler = [self.one(*FILLERS)] if self.maybe(0.15) else []
        if depth >= DEEPEST or self.maybe(0.35):
            return [*filler, self.importing()]
        if self.maybe(0.15):
            return [*filler, self.simple(in_function)]
        return [*filler, *self.nested(self.one(*KINDS), depth, in_function)]

    def nested(self, kind, depth, in_function):
        def clause(head, inside_function=in_function):
            return self.compound(head, depth, inside_function)

        def perhaps(head):
            return clause(head) if self.maybe(0.3) else []

        match kind:
            case "if":
                test = self.one(*CONDITIONS) if self.maybe(0.2) else self.expression()
                return [*clause(f"if {test}"), *perhaps(f"elif {self.expression()}"), *perhaps("else")]
            case "while":
                return [*clause(f"while {self.expression()}"), *perhaps("else")]
            case "for":
                return [*clause(f"for {self.one(*LOOP_TARGETS)} in {self.expression()}"), *perhaps("else")]
            case "with":
                manager = self.one(*MANAGERS) if self.maybe(0.4) else self.expression()
                return clause(f"with {manager}" + self.one("", f" as {self.one(*TARGETS)}"))
            case "items":
                items = f"a() as {self.one(*TARGETS)}, {self.one(*ATOMS)} as {self.one(*TARGETS)}"
                return clause(f"with {self.one(items, f'({items},)')}")
            case "match":
                cases = [self.compound(f"case {self.one(*PATTERNS)}", depth + 1, in_function) for _ in range(2)]
                return [f"match {self.expression()}:", *indented("  ", [line for lines in cases for line in lines])]
            case "try":
                handlers = [clause(f"except {self.one(*CAUGHT)}") for _ in range(2)]
                more = [line for lines in handlers for line in lines]
                return [*clause("try"), *more, *perhaps("else"), *perhaps("finally")]
            case "raise":
                handler = [self.one("x = 1", "pass"), *self.one(*RAISING).split("\n")]
                return [*clause("try"), f"except {self.one(*CAUGHT)}:", *indented(" ", handler), *perhaps("else")]
            case "star":
                return [*clause("try"), *clause(f"except* {self.one('ImportError', 'ValueError as e')}")]
            case "def":
                arguments = f"(a, /, b={self.one(*ATOMS)}, *c: {self.one(*ATOMS)}, d=1, **e)"
                result = self.one("", f" -> {self.one(*ATOMS)}")
                return clause(f"def g{self.one('', '', '[T: int, *U, **V]')}{arguments}{result}", True)
            case "class":
                return clause(f"class C{self.one('', '()', '(A, m=B)', '[T](A)', '(*b, **k)')}")
            case "once":
                return [f"@{self.one(*DECORATORS)}", *clause("def h()", True)]
            case "async":
                heads = [f"async with a as {self.one(*TARGETS)}", f"async for x in {self.one(*ATOMS)}"]
                inside = [line for head in heads for line in self.compound(head, depth + 1, True)]
                return ["async def w():", *indented(" ", inside)]


def indented(indent, lines):
    """What a block's lines are in a block of their own; the lines after the first of a statement begin anywhere."""
    return [line if line.strip() == "" else indent + line for line in lines]


def is_python(source):
    try:
        ast.parse(source.encode())
    except (SyntaxError, ValueError):
        return False
    return True


def main(seed, count, folder):
    warnings.simplefilter("ignore")
    writer = Writer(seed)
    written = 0
    while written < count:
        source = "".join("\n".join(writer.block(0, False)) + "\n" for _ in range(BLOCKS))
        if writer.maybe(0.1):
            source = source.replace("\n", writer.one("\r\n", "\r"))
        if is_python(source):
            pathlib.Path(folder, f"{written:05}.py").write_bytes(source.encode())
            written += 1


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
