"""What a PDF holds, read with pikepdf: its tags, and the size of its smallest letters."""

import pikepdf

IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def tags(pdf):
    """Return every structure element as (name, element), in reading order."""
    elements = []

    def walk(node):
        if isinstance(node, pikepdf.Array):
            for kid in node:
                walk(kid)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            elements.append((str(node.S), node))
            if "/K" in node:
                walk(node.K)

    walk(pdf.Root.StructTreeRoot.K)
    return elements


def attribute(element, name):
    """Look up an attribute of a tag."""
    owners = element.get("/A", pikepdf.Array())
    owners = owners if isinstance(owners, pikepdf.Array) else [owners]
    return next((str(owner[name]) for owner in owners if isinstance(owner, pikepdf.Dictionary) and name in owner), "")


def sizes(pdf):
    """Return the size in points of every run of letters on the pages, figures included."""
    points = set()
    for page in pdf.pages:
        _read(page.obj, page.get("/Resources", {}), IDENTITY, points)
    return points


def _times(a, b):
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


def _read(stream, resources, matrix, points):
    stack, size, text = [], 0.0, IDENTITY
    for operands, operator in pikepdf.parse_content_stream(stream):
        name = str(operator)
        if name == "q":
            stack.append(matrix)
        elif name == "Q":
            matrix = stack.pop()
        elif name == "cm":
            matrix = _times([float(v) for v in operands], matrix)
        elif name == "BT":
            text = IDENTITY
        elif name == "Tm":
            text = tuple(float(v) for v in operands)
        elif name == "Tf":
            size = float(operands[1])
        elif name in ("Tj", "TJ"):
            both = _times(text, matrix)
            points.add(round(size * (both[2] ** 2 + both[3] ** 2) ** 0.5, 2))
        elif name == "Do":
            form = resources["/XObject"][str(operands[0])]
            if form.get("/Subtype") == "/Form":
                inner = form.get("/Resources", resources)
                own = [float(v) for v in form.get("/Matrix", IDENTITY)]
                _read(form, inner, _times(own, matrix), points)
