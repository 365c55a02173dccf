#!/usr/bin/env python3
"""What small_png.py keeps of a picture."""
import struct
import unittest
import zlib

import small_png


def png(rows, filters):
    """A picture of rows of (red, green, blue), each filtered as told."""
    raw, above = b"", bytes(3 * len(rows[0]))
    for row, kind in zip(rows, filters):
        plain = bytes(channel for colour in row for channel in colour)
        left = bytes(3) + plain[:-3]
        predicted = {0: bytes(len(plain)), 1: left, 2: above}[kind]
        raw += bytes([kind]) + bytes((a - b) & 255 for a, b in zip(plain, predicted))
        above = plain
    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 2, 0, 0, 0)
    return (small_png.SIGNATURE + small_png.chunk(b"IHDR", head) + small_png.chunk(b"IDAT", zlib.compress(raw)) +
            small_png.chunk(b"IEND", b""))


def painted(data):
    """The points of a picture with a palette."""
    parts = dict(small_png.chunks(data))
    width, height = struct.unpack(">II", parts[b"IHDR"][:8])
    palette = list(zip(*[iter(parts[b"PLTE"])] * 3))
    raw = zlib.decompress(parts[b"IDAT"])
    return [[palette[place] for place in raw[y * (width + 1) + 1:(y + 1) * (width + 1)]] for y in range(height)]


class SmallPngTest(unittest.TestCase):
    def test_few_colours_stay_as_they_are_however_rows_are_filtered(self):
        rows = [[(255, 255, 255), (11, 107, 117), (0, 0, 0)], [(184, 67, 10)] * 3, [(9, 8, 7), (1, 2, 3), (200, 0, 99)]]
        self.assertEqual(painted(small_png.small(png(rows, [1, 2, 0]))), rows)

    def test_of_many_colours_the_rare_hue_is_kept_and_greys_are_not_all(self):
        greys = [(n, n, n) for n in range(256) for _ in range(4)]
        rows = [greys + [(184, 67, 10)]]
        points = painted(small_png.small(png(rows, [0])))[0]
        self.assertEqual(points[-1], (184, 67, 10))
        self.assertLessEqual(len(set(points)), small_png.COLOURS)
        self.assertLess(max(abs(a[0] - b[0]) for a, b in zip(points, rows[0])), 12)

    def test_other_pictures_are_refused(self):
        with self.assertRaises(ValueError):
            small_png.small(small_png.small(png([[(1, 2, 3)]], [0])))


if __name__ == "__main__":
    unittest.main()
