"""Reads a migration for what would stop the site while it runs, or lose what is there."""

import ast
import re
from collections.abc import Iterator
from functools import cached_property

ON_TABLES_THAT_ARE_THERE = {
    "add_column": 0,
    "create_index": 1,
    "create_check_constraint": 1,
    "create_foreign_key": 1,
    "create_unique_constraint": 1,
    "alter_column": 0,
    "batch_alter_table": 0,
}
"""Operations by where they name their table. `change_table` does the same with others at work."""
TAKES_AWAY = ("drop_table", "drop_column", "rename_table")
CHANGES_ROWS = re.compile(r"\s*(UPDATE|DELETE\s+FROM|INSERT\s+INTO\s.*\sSELECT)\s", re.IGNORECASE | re.DOTALL)
CHANGES_TABLES = re.compile(r"\b(ALTER\s+TABLE|CREATE\s+(UNIQUE\s+)?INDEX|LOCK\s+TABLE|TRUNCATE)\b", re.IGNORECASE)
DROPS = re.compile(r"\bDROP\s+(TABLE|COLUMN)\b|\bTRUNCATE\b|\s*DELETE\s+FROM\b", re.IGNORECASE)


class Migration:
    """One migration's text; `faults` are sentences, each naming what to use instead."""

    def __init__(self, text: str) -> None:
        self.tree = ast.parse(text)
        self.back = next((each for each in self.tree.body if _is_function(each, "downgrade")), None)
        self.forward = [each for each in self.tree.body if each is not self.back]

    @property
    def faults(self) -> list[str]:
        found = (self._slow_operations, self._statements, self._what_cannot_run_again, self._never_empty, self._losses)
        return [fault for look in found for fault in look()]

    @cached_property
    def calls(self) -> list[ast.Call]:
        return [each for part in self.forward for each in ast.walk(part) if isinstance(each, ast.Call)]

    @cached_property
    def made_here(self) -> set[object]:
        return {_said(each, 0) for each in self.calls if _name(each) == "create_table"}

    def _slow_operations(self) -> Iterator[str]:
        for call in self.calls:
            name, place = _name(call), ON_TABLES_THAT_ARE_THERE.get(_name(call), -1)
            if _on(call) == "op" and place >= 0 and _said(call, place) not in self.made_here:
                yield f"line {call.lineno}: op.{name} on a table that is there locks it: use change_table"
            if _on(call) == "op" and name in TAKES_AWAY:
                yield f"line {call.lineno}: op.{name} takes away what running processes use: wait for a later release"

    def _statements(self) -> Iterator[str]:
        is_in_portions = "change_rows" in {_name(each) for each in self.calls}
        for part in self.forward:
            for text in _texts(part):
                some = is_in_portions and ":above" in text.value and ":upto" in text.value
                if CHANGES_ROWS.match(text.value) and not some:
                    yield f"line {text.lineno}: all rows in one statement: use change_rows, from :above to :upto"
                if CHANGES_TABLES.search(text.value):
                    yield f"line {text.lineno}: a table changed by hand: use change_table"

    def _what_cannot_run_again(self) -> Iterator[str]:
        """Where steps are saved apart, a migration that did not get its lock begins again after some of them."""
        if not {"change_table", "change_rows"} & {_name(each) for each in self.calls}:
            return
        for call in self.calls:
            words = {each.arg: ast.unparse(each.value) for each in call.keywords}
            makes = _on(call) == "op" and _name(call) in ("create_table", "create_index")
            if makes and words.get("if_not_exists") != "True":
                yield f"line {call.lineno}: it may run again after steps that are saved: say if_not_exists=True"

    def _never_empty(self) -> Iterator[str]:
        """Processes of before write on until they are started anew, and know nothing of the column."""
        added = {_said(each, 0): each for each in self.calls if _name(each) == "Column"}
        for call in self.calls:
            column = added.get(_said(call, 0)) if _name(call) == "never_empty" else None
            if column is not None and "server_default" not in {each.arg for each in column.keywords}:
                yield f"line {call.lineno}: processes of before leave it empty: give it a server_default, or wait"

    def _losses(self) -> Iterator[str]:
        for text in _texts(self.back) if self.back else ():
            if DROPS.search(text.value):
                yield f"line {text.lineno}: going back drops unasked: use op.drop_table and op.drop_column, which look"


def _is_function(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == name


def _texts(part: ast.AST) -> Iterator[ast.Constant]:
    """Those that are no docstring."""
    about = {id(each.value) for each in ast.walk(part) if isinstance(each, ast.Expr)}
    for each in ast.walk(part):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in about:
            yield each


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _on(call: ast.Call) -> str:
    return getattr(call.func.value, "id", "") if isinstance(call.func, ast.Attribute) else ""


def _said(call: ast.Call, place: int) -> object:
    given = call.args[place] if len(call.args) > place else None
    return given.value if isinstance(given, ast.Constant) else ast.unparse(given) if given is not None else None
