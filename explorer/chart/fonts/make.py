"""Makes the site's text face and the advance widths by which charts measure their text.

The face is Source Serif 4 (Adobe, SIL Open Font License), cut down to Latin letters, figures and the signs that
briefs and charts use. Its licence reserves the name "Source" for the original, so the cut-down face is called
Levers Serif. Three signs are added to it: the non-breaking hyphen and the raised minus, drawn as the original draws
the ordinary hyphen and the raised dash, and a return arrow, for the way back from a footnote.

    npm pack source-serif@4.5.1 && tar xzf source-serif-4.5.1.tgz
    pip install fonttools==4.68.0 brotli==1.2.1
    python3 explorer/chart/fonts/make.py package && cargo fmt -p chart

writes site/assets/fonts/levers-serif-{roman,italic}.woff2 and OFL.txt there, and explorer/chart/src/text/advances.rs.
"""

import io
import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parents[3]
FONTS = ROOT / "site/assets/fonts"
ADVANCES = ROOT / "explorer/chart/src/text/advances.rs"

FAMILY = "Levers Serif"
WEIGHTS = (400, 700)
# Small text needs the sturdier drawing, so roman keeps the optical sizes up to the original's own default (20).
# Italic is rarer and is drawn at the size of body text.
CUTS = {"Roman": (8, 20), "Italic": 18}

CHARACTERS = (
    "20-7E,A0-17F,18F,192,218-21B,259,2C6,2C7,2D8-2DD,304,308,"  # Latin of European languages
    "394,3A3,3B1,3B2,3B4,3B8,3BB,3BC,3C0,3C3,"  # Greek letters of formulas
    "2009,200A,2010-2015,2018-201E,2020-2022,2026,202F,2030,2032,2033,2039,203A,2044,2060,"  # punctuation
    "2070,2074-2079,207B,207D,207E,2080-2089,20AC,2116,2122,"  # raised and lowered figures, currency
    "2190-2193,2196-2199,21A9,2202,2206,2211,2212,2215,221A,221E,2248,2260,2264,2265,"  # arrows and signs
    "25A0,25B2,25B6,25BC,25C0,25C6,25CF,2713"  # shapes
)
FEATURES = ["kern", "liga", "ccmp", "locl", "tnum", "pnum", "lnum", "sups"]

# Chart text: about 13 px, so the optical size is 13.
CHART_OPTICAL_SIZE = 13
CHART_WEIGHTS = {"REGULAR": 400, "SEMIBOLD": 600}


def main(package):
    for style, optical_size in CUTS.items():
        font = cut(package / f"VAR/SourceSerif4Variable-{style}.ttf", optical_size)
        path = FONTS / f"levers-serif-{style.lower()}.woff2"
        rename(font, style)
        font.flavor = "woff2"
        font.save(path)
        print(path, path.stat().st_size)
    (FONTS / "OFL.txt").write_text(licence(package))
    ADVANCES.parent.mkdir(exist_ok=True)
    ADVANCES.write_text(advances(TTFont(FONTS / "levers-serif-roman.woff2")))


def cut(path, optical_size):
    font = TTFont(path, recalcTimestamp=False)
    instancer.instantiateVariableFont(font, {"wght": WEIGHTS, "opsz": optical_size}, inplace=True)
    font = reload(font)
    fix_kerning(font)
    keep_raised_figures_only(font)
    draw_return_arrow(font)
    for table in font["cmap"].tables:
        table.cmap[0x2011] = table.cmap[ord("-")]
    options = subset.Options(layout_features=FEATURES, hinting=False, name_IDs=["*"], notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(CHARACTERS))
    subsetter.subset(font)
    return reload(font)


def reload(font):
    file = io.BytesIO()
    font.save(file)
    file.seek(0)
    return TTFont(file, recalcTimestamp=False)


def fix_kerning(font):
    """Keeps the kerning of the regular weight for all: its variations are a quarter of the file."""
    font["GPOS"].ensureDecompiled(recurse=True)
    seen = set()

    def strip(node):
        if id(node) in seen:
            return
        seen.add(id(node))
        if isinstance(node, (list, tuple)):
            for child in node:
                strip(child)
        elif isinstance(node, dict):
            strip(list(node.values()))
        elif hasattr(node, "__dict__"):
            for name, child in list(vars(node).items()):
                if name.endswith("Device"):
                    delattr(node, name)
                elif name.startswith("ValueFormat"):
                    setattr(node, name, child & 0x0F)
                else:
                    strip(child)
            if type(node).__name__ == "Anchor" and node.Format == 3:
                node.Format = 1

    strip(font["GPOS"].table)
    definitions = font["GDEF"].table
    definitions.VarStore = None
    definitions.Version = min(definitions.Version, 0x00010002)


def keep_raised_figures_only(font):
    table = font["GSUB"].table
    lookups = {
        index
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == "sups"
        for index in record.Feature.LookupListIndex
    }
    kept = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "comma", "hyphen", "endash"}
    for index in lookups:
        for step in table.LookupList.Lookup[index].SubTable:
            step = getattr(step, "ExtSubTable", step)
            step.mapping = {old: new for old, new in step.mapping.items() if old in kept}
            if "endash" in step.mapping:
                for characters in font["cmap"].tables:
                    characters.cmap[0x207B] = step.mapping["endash"]


def draw_return_arrow(font):
    """Redraws the south-east arrow, which nobody uses, as the leftwards arrow with hook."""
    glyph = font.getBestCmap()[0x2198]
    pen = TTGlyphPen(None)
    polygon(pen, [(30, 196), (30, 224), (266, 440), (302, 398), (90, 218), (90, 202), (302, 22), (266, -20)])
    pen.moveTo((60, 178))
    pen.lineTo((60, 242))
    pen.lineTo((440, 242))
    pen.qCurveTo((490, 242), (549, 297), (549, 346))
    pen.qCurveTo((549, 395), (490, 450), (440, 450))
    pen.lineTo((350, 450))
    pen.lineTo((350, 514))
    pen.lineTo((440, 514))
    pen.qCurveTo((520, 514), (617, 424), (617, 346))
    pen.qCurveTo((617, 268), (520, 178), (440, 178))
    pen.closePath()
    font["glyf"][glyph] = pen.glyph()
    font["gvar"].variations[glyph] = []
    font["hmtx"][glyph] = (650, 30)
    for table in font["cmap"].tables:
        table.cmap.pop(0x2198, None)
        table.cmap[0x21A9] = glyph


def polygon(pen, points):
    pen.moveTo(points[0])
    for point in points[1:]:
        pen.lineTo(point)
    pen.closePath()


def rename(font, style):
    names = font["name"]
    sub = "Regular" if style == "Roman" else "Italic"
    compact = FAMILY.replace(" ", "")
    wanted = {
        1: FAMILY,
        2: sub,
        3: f"1.0;{compact}-{style}",
        4: f"{FAMILY} {sub}",
        6: f"{compact}-{style}",
        10: "Cut down from a typeface by Adobe; see the licence.",
        16: FAMILY,
        17: sub,
        25: compact + style,
    }
    for record in list(names.names):
        if record.nameID in wanted:
            names.setName(wanted[record.nameID], record.nameID, record.platformID, record.platEncID, record.langID)
        elif record.nameID not in (0, 7, 8, 9, 13, 14) and "Source" in record.toUnicode():
            names.removeNames(nameID=record.nameID)


def licence(package):
    note = (
        "Levers Serif is cut down from Source Serif 4 by Frank Grießhammer for Adobe\n"
        "(https://github.com/adobe-fonts/source-serif): fewer characters, weights and optical sizes, one kerning for\n"
        "all weights, a non-breaking hyphen, a raised minus and a return arrow. The original's licence follows and covers this face.\n\n"
    )
    return note + (package / "LICENSE.md").read_text().replace("\r\n", "\n").strip() + "\n"


def advances(font):
    """The widths of the characters of charts, in thousandths of the text size."""
    characters = sorted(code for code in font.getBestCmap() if 0x20 <= code < 0x3000)
    widths = {name: at(font, weight, characters) for name, weight in CHART_WEIGHTS.items()}
    out = [
        "//! Advance widths of the bundled face at chart size, in thousandths of the text size.",
        "//!",
        "//! Made by `python3 explorer/chart/fonts/make.py package`, which says where `package` comes from. Not edited by",
        "//! hand.",
        "",
        "/// First character of a run of neighbours, and where its widths begin.",
        f"pub(super) const RUNS: [(u16, u16); {len(runs(characters))}] = [",
    ]
    out += wrap([f"({first:#06x}, {index})" for first, index in runs(characters)])
    out.append("];")
    for name, weight in CHART_WEIGHTS.items():
        out += [
            "",
            f"/// Weight {weight}, optical size {CHART_OPTICAL_SIZE}.",
            f"pub(super) const {name}: [u16; {len(characters)}] = [",
            *wrap([str(width) for width in widths[name]]),
            "];",
        ]
    return "\n".join(out) + "\n"


def runs(characters):
    found = []
    for index, code in enumerate(characters):
        if index == 0 or code != characters[index - 1] + 1:
            found.append((code, index))
    return found


def at(font, weight, characters):
    still = instancer.instantiateVariableFont(font, {"wght": weight, "opsz": CHART_OPTICAL_SIZE})
    return [round(still["hmtx"][still.getBestCmap()[code]][0] * 1000 / still["head"].unitsPerEm) for code in characters]


def wrap(items, width=120):
    lines, line = [], "   "
    for item in items:
        if len(line) + len(item) + 2 > width:
            lines.append(line)
            line = "   "
        line += f" {item},"
    return lines + [line]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
