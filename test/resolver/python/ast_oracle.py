"""Answers paths on standard input, one a line, with what CPython's `ast` says of each file's imports, as JSON.

An answer is null if CPython cannot parse the file. Positions count from 1, columns in characters.
"""

import ast
import io
import json
import sys
import tokenize
import warnings

CATCHING = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
MODULE = {"lazy": False, "conditional": False, "typing": False, "guarded": False}


def last_name(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)


def names_in(node):
    return {last_name(part) for part in ast.walk(node)}


def catches(handler):
    return handler.type is None or bool(CATCHING & names_in(handler.type))


def raises(block):
    """Whether a block ends with an exception, whatever its conditions are."""
    return any(
        isinstance(node, ast.Raise)
        or isinstance(node, (ast.With, ast.AsyncWith)) and raises(node.body) and not any(map(suppresses, node.items))
        or isinstance(node, ast.If) and raises(node.body) and raises(node.orelse)
        for node in block
    )


def guards(handlers):
    """Whether the handler that an ImportError comes to lets the file go on."""
    handler = next(filter(catches, handlers), None)
    return handler is not None and not raises(handler.body)


def suppresses(item):
    call = item.context_expr
    return (
        isinstance(call, ast.Call)
        and last_name(call.func) == "suppress"
        and any(CATCHING & names_in(argument) for argument in call.args)
    )


class Imports:
    def __init__(self, source):
        self.lines = source.split("\n")
        self.found = []

    def column(self, line, offset):
        return len(self.lines[line - 1].encode()[:offset].decode()) + 1

    def add(self, node, module, level, names, context):
        when = "always"
        if context["conditional"]:
            when = "conditional"
        if context["lazy"]:
            when = "lazy"
        if context["typing"]:
            when = "typing"
        line, column = node.lineno, self.column(node.lineno, node.col_offset)
        self.found.append([line, column, module, level, names, when, context["guarded"]])

    def block(self, nodes, context):
        for node in nodes:
            self.visit(node, context)

    def visit(self, node, context):
        match node:
            case ast.Import():
                for alias in node.names:
                    self.add(alias, alias.name, 0, None, context)
            case ast.ImportFrom():
                self.add(node, node.module or "", node.level, [alias.name for alias in node.names], context)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                outside = [*node.decorator_list, node.args, *filter(None, [node.returns])]
                self.block(outside, context)
                self.block(node.body, MODULE | {"lazy": True, "typing": context["typing"]})
            case ast.Lambda():
                self.visit(node.body, MODULE | {"lazy": True, "typing": context["typing"]})
                self.visit(node.args, context)
            case ast.If():
                self.visit(node.test, context)
                inside = context | {"conditional": True}
                typing = context["typing"] or last_name(node.test) == "TYPE_CHECKING"
                self.block(node.body, inside | {"typing": typing})
                # `elif` is an `if` inside of `else`, and runs in what the first one runs in.
                self.block(node.orelse, inside)
            case ast.Try() | ast.TryStar():
                guarded = context["guarded"] or guards(node.handlers)
                conditional = context["conditional"] or guarded
                self.block(node.body, context | {"guarded": guarded, "conditional": conditional})
                inside = context | {"conditional": True}
                self.block([*node.handlers, *node.orelse, *node.finalbody], inside)
            case ast.With() | ast.AsyncWith() if any(map(suppresses, node.items)):
                self.block(node.items, context)
                self.block(node.body, context | {"conditional": True, "guarded": True})
            case ast.For() | ast.AsyncFor():
                self.block([node.target, node.iter], context)
                self.block([*node.body, *node.orelse], context | {"conditional": True})
            case ast.While():
                self.visit(node.test, context)
                self.block([*node.body, *node.orelse], context | {"conditional": True})
            case ast.match_case():
                if node.guard:
                    self.visit(node.guard, context)
                self.block(node.body, context | {"conditional": True})
            case _:
                if isinstance(node, ast.Call):
                    self.call(node, context)
                self.block(ast.iter_child_nodes(node), context)

    def call(self, node, context):
        by_name = isinstance(node.func, ast.Name) and node.func.id in ("__import__", "import_module")
        by_module = ast.unparse(node.func) == "importlib.import_module" if not by_name else False
        if not (by_name or by_module) or not node.args or not isinstance(node.args[0], ast.Constant):
            return
        module = node.args[0].value
        if isinstance(module, str) and module.replace(".", "").isidentifier() and not module.startswith("."):
            self.add(node, module, 0, None, context | {"lazy": True})


def imports_of(path):
    with open(path, "rb") as file:
        content = file.read()
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError):
        return None
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    source = content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    imports = Imports(source)
    imports.visit(tree, MODULE)
    return sorted(imports.found, key=lambda found: found[:2])


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    # The visitor recurses as deep as the longest sum of a file is long.
    sys.setrecursionlimit(20_000)
    for line in sys.stdin:
        print(json.dumps(imports_of(line.rstrip("\n"))))
