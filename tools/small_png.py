#!/usr/bin/env python3
"""Rewrite PNG pictures of pages with at most 64 colours: those that are there most and unlike each other.

usage: small_png.py PICTURE.png...      eight bits a channel, not interlaced, as browsers write them
"""
import struct
import sys
import zlib
from collections import Counter

COLOURS = 64
AREAS = 12  # colours that are taken because they are there most
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunks(data):
    at = len(SIGNATURE)
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        yield kind, data[at + 8:at + 8 + size]
        at += size + 12


def paeth(left, above, corner):
    near = [(abs(above - corner), 0, left), (abs(left - corner), 1, above), (abs(left + above - 2 * corner), 2, corner)]
    return min(near)[2]


def unfiltered(raw, height, stride, step):
    """The rows of the picture (PNG specification, 9.2)."""
    above = bytearray(stride)
    for y in range(height):
        kind, row = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for x in range(stride if kind else 0):
            left, corner = (row[x - step], above[x - step]) if x >= step else (0, 0)
            add = (left, above[x], (left + above[x]) // 2, 0)[kind - 1] if kind < 4 else paeth(left, above[x], corner)
            row[x] = (row[x] + add) & 255
        yield row
        above = row


def read(data):
    """Width, height, and one colour (red, green, blue) a point."""
    parts = list(chunks(data))
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", parts[0][1])
    if depth != 8 or kind not in (2, 6) or interlaced:
        raise ValueError("only true colours of eight bits, not interlaced, are read")
    step = 3 if kind == 2 else 4
    raw = zlib.decompress(b"".join(body for name, body in parts if name == b"IDAT"))
    points = []
    for row in unfiltered(raw, height, width * step, step):
        points += zip(row[::step], row[1::step], row[2::step])
    return width, height, points


def away(one, other):
    return sum((a - b) ** 2 for a, b in zip(one, other))


def chosen(points):
    """What fills areas, then only what is unlike it: a level of alerts is a few points among greys."""
    by_count = [colour for colour, _ in Counter(points).most_common()]
    out = by_count[:AREAS]
    for least in (40, 20, 10, 1):
        for colour in by_count:
            if len(out) < COLOURS and all(away(colour, known) >= least**2 for known in out):
                out.append(colour)
    return out


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def small(data):
    width, height, points = read(data)
    palette = chosen(points)
    nearest = {c: min(range(len(palette)), key=lambda at: away(c, palette[at])) for c in set(points)}
    places = bytes(map(nearest.__getitem__, points))
    rows = b"".join(b"\0" + places[y * width:(y + 1) * width] for y in range(height))
    return (SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)) +
            chunk(b"PLTE", bytes(channel for colour in palette for channel in colour)) +
            chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for path in sys.argv[1:]:
        with open(path, "rb") as f:
            before = f.read()
        after = small(before)
        with open(path, "wb") as f:
            f.write(after)
        print(f"{path}: {len(before)} -> {len(after)} bytes")


if __name__ == "__main__":
    main()
