"""Find function bodies in C++ text by braces: name, first line and number of lines.

A measure, not a parser: it knows namespaces, types, constructors with initialiser lists, operators and test macros. A
lambda or table at namespace scope counts as data. Input is text from sources.blank().
"""
import re

CONTAINER = re.compile(r"\b(namespace|class|struct|union|enum)\b|\bextern\s*\"")
INIT_LIST = re.compile(r"\)\s*(?:noexcept\s*)?:(?!:)[^;{}]*?[\w>]\s*$", re.S)
INIT_LIST_NEXT = re.compile(r"\)\s*(?:noexcept\s*)?:(?!:).*[,:]\s*[\w:<>, ]*[\w>]\s*$", re.S)
ACCESS = re.compile(r"(?:\s*(?:public|private|protected)\s*:(?!:))*")
NAME = re.compile(r"(operator\s*(?:\(\)|[^\s\w(]+|\w+)|~?[A-Za-z_]\w*)\s*\(")


def without_directives(text):
    """Preprocessor lines become blank ones, so that unbalanced branches of #if do not count."""
    return re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", lambda m: re.sub(r"[^\n]", " ", m.group(0)), text, flags=re.M)


def matching(text, start):
    """Offset of the brace that closes the one at start; the end of the text when it is never closed."""
    depth = 0
    for match in re.compile(r"[{}]").finditer(text, start):
        depth += 1 if match.group(0) == "{" else -1
        if depth == 0:
            return match.start()
    return len(text) - 1


def top_level(head):
    """The head without template arguments and nested parentheses, to look for = and keywords at its own level."""
    previous = None
    while previous != head:
        previous = head
        head = re.sub(r"\([^()]*\)", " ", head)
        head = re.sub(r"<[^<>]*>", " ", head)
    return head


def kind_of(head):
    """'container', 'function', 'initialiser' (a brace inside a constructor's list) or 'data'."""
    outer = top_level(head)
    if "(" in head and "=" not in re.sub(r"operator\s*[^\s\w]+|[=!<>]=", " ", outer):
        if INIT_LIST.search(head) or INIT_LIST_NEXT.search(head):
            return "initialiser"
        return "function"
    return "container" if CONTAINER.search(outer) and "=" not in outer else "data"


def name_of(head):
    macro = re.search(r"\b(TEST|TEST_F|TEST_P|TYPED_TEST|RC_GTEST_PROP)\s*\(\s*(\w+)\s*,\s*(\w+)", head)
    if macro:
        return f"{macro.group(2)}.{macro.group(3)}"
    found = NAME.search(head)
    return re.sub(r"\s+", "", found.group(1)) if found else "?"


def functions(text):
    """[(name, first line, lines)] of every function with a body."""
    text = without_directives(text)
    found, start, at = [], 0, 0
    while True:
        match = re.compile(r"[{};]").search(text, at)
        if not match:
            return found
        at = match.end()
        if match.group(0) != "{":
            start = at
            continue
        start = ACCESS.match(text, start).end()
        head = text[start:match.start()]
        kind = kind_of(head)
        if kind == "container":
            start = at
            continue
        end = matching(text, match.start())
        at = end + 1
        if kind == "initialiser":
            continue
        if kind == "function":
            first = start + len(head) - len(head.lstrip())
            found.append((name_of(head), text.count("\n", 0, first) + 1, text.count("\n", first, end) + 1))
        start = at
