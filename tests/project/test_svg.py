import re
from xml.etree import ElementTree

import pytest

from vunki_eval.errors import BuildError
from vunki_eval.project.svg import safe_svg, svg_size

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '


def drawn(inside, attributes='width="100pt" height="50pt" viewBox="0 0 100 50"'):
    return f"{OPEN}{attributes}>{inside}</svg>"


def test_scripts_handlers_styles_and_outside_references_go():
    hostile = drawn(
        "<script>alert(1)</script><style>@import url(http://x.y)</style><foreignObject><p/></foreignObject>"
        '<image href="file:///etc/passwd"/><image href="https://x.y/a.png"/><use xlink:href="http://x.y/#a"/>'
        '<rect onclick="x()" fill="url(http://x.y)" width="3" height="2" style="background:url(http://x.y)"/>'
        '<a href="https://x.y"><text>peidetud</text></a><animate attributeName="href" to="javascript:x"/>',
        'onload="x()" width="10pt" height="10pt"',
    )
    safe = safe_svg(hostile)
    names = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(safe).iter()}
    assert names == {"svg", "use", "rect"}
    for word in ("x.y", "passwd", "onload", "onclick", "javascript", "alert"):
        assert word not in safe
    assert 'width="3"' in safe


def test_ids_of_two_figures_never_meet():
    one = drawn('<defs><clipPath id="p1"/></defs><g clip-path="url(#p1)"/><use xlink:href="#p1"/>')
    two = one.replace("<g ", "<g fill='red' ")
    ids = [re.findall(r'id="([^"]+)"', safe_svg(svg)) for svg in (one, two)]
    assert ids[0] != ids[1]
    assert f"url(#{ids[0][0]})" in safe_svg(one)
    assert f'href="#{ids[0][0]}"' in safe_svg(one)
    assert safe_svg(one) == safe_svg(one)


def test_the_name_is_escaped_and_letters_stay_letters():
    safe = safe_svg(drawn("<text>Usaldus ÕÄÖÜ\x01</text>".replace("\x01", "")), name='Alt "tekst" <b>')
    root = ElementTree.fromstring(safe)
    assert (root.get("role"), root.get("aria-label")) == ("img", 'Alt "tekst" <b>')
    assert "Usaldus ÕÄÖÜ" in safe
    assert "role" not in safe_svg(drawn(""))


def test_matplotlibs_rule_becomes_attributes():
    safe = safe_svg(drawn("<defs><style>*{stroke-linejoin: round; stroke-linecap: butt}</style></defs>"))
    assert "<style" not in safe
    assert 'stroke-linejoin="round"' in safe


def test_a_raster_inside_stays():
    image = '<image width="2" height="2" xlink:href="data:image/png;base64,iVBORw0KGgo="/>'
    assert "data:image/png" in safe_svg(drawn(image))


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="468pt" height="216pt"', (468, 216)),
        ('width="6.5in" height="25.4mm"', (468, 72)),
        ('width="100px" height="100"', (75, 75)),
        ('viewBox="0 0 200 100"', (150, 75)),
        ("", (468, 234)),
    ],
)
def test_sizes_are_points(attributes, size):
    assert svg_size(drawn("", attributes)) == pytest.approx(size)


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "<svg",
        "<p xmlns='http://www.w3.org/1999/xhtml'/>",
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
    ],
)
def test_what_is_no_drawing_is_refused(broken):
    with pytest.raises(BuildError, match="VE-411"):
        safe_svg(broken)
