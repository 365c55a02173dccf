"""What the checks share: which files are ours, and C++ text without comments and literals. Standard library only."""
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE_FOLDERS = ("src", "adapters", "sim", "tests", "bench", "fuzz")
CODE_SUFFIXES = (".h", ".cpp", ".inc")

# A comment, a raw string, a string or a character literal; digits' apostrophes (10'000) are none of these.
TOKEN = re.compile(
    r"""(?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)"""
    r"""|(?P<raw>R"(?P<mark>[^\s()\\]{0,16})\(.*?\)(?P=mark)")"""
    r"""|(?P<text>"(?:\\.|[^"\\\n])*")"""
    r"""|(?<![0-9A-Za-z_])(?P<char>(?:u8|[uUL])?'(?:\\.|[^'\\\n])+')""", re.S)


def files(root=ROOT):
    """Every file of the repository (known to git or new, not ignored) as paths relative to root, sorted."""
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard"],
                            capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return sorted(Path(p) for p in listed.stdout.splitlines() if (root / p).is_file())
    # An unpacked source archive has no git: everything but build trees.
    return sorted(p.relative_to(root) for p in root.rglob("*")
                  if p.is_file() and p.relative_to(root).parts[0] not in ("build", ".git"))


def code_files(root=ROOT):
    return [p for p in files(root) if p.parts[0] in CODE_FOLDERS and p.suffix in CODE_SUFFIXES]


def is_test(path):
    return path.name.endswith("_test.cpp") or path.parts[0] in ("tests", "bench", "fuzz") or path.name == "fuzz.cpp"


def read(path, root=ROOT):
    return (root / path).read_text(encoding="utf-8", errors="replace")


def blank(text):
    """The same text with comments and literals blanked out; line numbers stay."""
    def hide(match):
        body = match.group(0)
        if match.group("comment"):
            return re.sub(r"[^\n]", " ", body)
        return body[0] + re.sub(r"[^\n]", " ", body[1:-1]) + body[-1]
    return TOKEN.sub(hide, text)


def comment_lines(text):
    """Number of lines that carry a comment."""
    lines = set()
    for match in TOKEN.finditer(text):
        if match.group("comment"):
            first = text.count("\n", 0, match.start())
            lines.update(range(first, first + match.group(0).count("\n") + 1))
    return len(lines)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1
