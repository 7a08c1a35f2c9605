#!/usr/bin/python3
"""Reads the pixels of Jersey 10 (SIL OFL 1.1) into src/web/card/pixel-font.ts. Needs fonttools and brotli."""
import sys
from fontTools.ttLib import TTFont

PIXEL, TOP, ROWS = 75, 10, 13


def contours(glyph, glyf):
    points, ends, _ = glyph.getCoordinates(glyf)
    start = 0
    for end in ends:
        yield list(points[start:end + 1])
        start = end + 1


def is_inside(x, y, rings):
    winding = 0
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1]):
            if (y1 <= y) != (y2 <= y) and x1 + (y - y1) * (x2 - x1) / (y2 - y1) > x:
                winding += 1 if y2 > y1 else -1
    return winding != 0


font = TTFont('node_modules/@fontsource/jersey-10/files/jersey-10-latin-400-normal.woff2')
glyf, names = font['glyf'], font.getBestCmap()
glyphs = []
for code in range(32, 127):
    name = names[code]
    width = round(font['hmtx'][name][0] / PIXEL)
    rings = list(contours(glyf[name], glyf)) if glyf[name].numberOfContours else []
    rows = []
    for row in range(ROWS):
        y = (TOP - row - 0.5) * PIXEL
        bits = [is_inside((column + 0.5) * PIXEL, y, rings) for column in range(width)]
        rows.append(sum(1 << i for i, on in enumerate(bits) if on))
    assert max(rows) < 1 << 12
    glyphs.append(f'{width:x}' + ''.join(f'{row:03x}' for row in rows))

text = '/** Jersey 10 as pixels, from space to tilde: its width, then thirteen rows of twelve bits. Made by scripts/web/make-pixel-font.py. */\n'
text += "export const GLYPHS =\n  '" + ' '.join(glyphs).replace("'", "\\'") + "'.split(' ')\n"
sys.stdout.write(text)
