"""A ``ucrtbase.dll`` for Wine 8: the complex functions that its own lacks, everything else passed on to its own.

numpy and scipy for Windows import C99's complex functions from Windows' C runtime; in Wine 8 they are names
without a function, and a process that calls one ends.
"""

import re
import subprocess
from pathlib import Path

BUILTIN = b"Wine builtin DLL"  # a library with this text in its header is Wine's: it is not loaded under another name
TO_REAL = ("cabs", "carg", "cimag", "creal")
TO_COMPLEX = ("catan", "ccos", "ccosh", "cexp", "clog", "csin", "csinh", "csqrt", "ctan", "ctanh")

SOURCE = """#include <complex.h>
#include <stdlib.h>
/* Windows passes complex numbers as structures, MinGW's functions as C99's own type. */
typedef struct {double re, im;} Double; typedef struct {float re, im;} Float;
static double complex from_Double(Double a) {double complex c; __real__ c = a.re; __imag__ c = a.im; return c;}
static double complex from_Float(Float a) {double complex c; __real__ c = a.re; __imag__ c = a.im; return c;}
static Double to_Double(double complex c) {Double a = {creal(c), cimag(c)}; return a;}
static Float to_Float(double complex c) {Float a = {(float)creal(c), (float)cimag(c)}; return a;}
void my__invoke_watson(void) {abort();}
"""


def build(wines: Path, folder: Path) -> None:
    """Write ``ucrtbase.dll``, and Wine's own beside it as ``ucrtwine.dll``, into a folder.

    Parameters
    ----------
    wines : Path
        Wine's own ucrtbase.dll.
    """
    (folder / "ucrtwine.dll").write_bytes(wines.read_bytes().replace(BUILTIN, bytes(len(BUILTIN)), 1))
    own = dict(functions())
    passed_on = [name for name in exports(wines) if name not in own and name != "_invoke_watson"]
    lines = [f"{name}=my_{name}" for name in ("_invoke_watson", *own)]
    lines += [f"{name}=ucrtwine.{name}" for name in passed_on]
    source, definitions = folder / "ucrtbase.c", folder / "ucrtbase.def"
    source.write_text(SOURCE + "\n".join(own.values()) + "\n")
    definitions.write_text("LIBRARY ucrtbase.dll\nEXPORTS\n" + "\n".join(lines) + "\n")
    compiler = ("x86_64-w64-mingw32-gcc", "-shared", "-O1", "-static-libgcc", "-o", folder / "ucrtbase.dll")
    subprocess.run([*compiler, source, definitions], check=True)


def functions() -> list[tuple[str, str]]:
    """Return the name and the C text of each function."""
    made = []
    for base in (*TO_REAL, *TO_COMPLEX, "cpow"):
        for end in ("", "f", "l"):  # on Windows a long double is a double
            kind, real = ("Float", "float") if end == "f" else ("Double", "double")
            if base in TO_REAL:
                text = f"{real} my_{base}{end}({kind} a) {{return ({real}){base}(from_{kind}(a));}}"
            else:
                others = (f", {kind} b", f", from_{kind}(b)") if base == "cpow" else ("", "")
                call = f"{base}(from_{kind}(a){others[1]})"
                text = f"{kind} my_{base}{end}({kind} a{others[0]}) {{return to_{kind}({call});}}"
            made.append((base + end, text))
    return made


def exports(library: Path) -> list[str]:
    """List the names that a library exports."""
    command = ["x86_64-w64-mingw32-objdump", "-p", str(library)]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    row = r"^\s*\[\s*\d+\]\s+(?:\+base\[\s*\d+\]\s+)?(?:[0-9a-f]+\s+)?([A-Za-z_]\w*)\s*$"
    return re.findall(row, listed, re.MULTILINE)
