/** Bytes as a person checks them: offset, hexadecimal, text. Sixteen to a line. */
export type DumpLine = { offset: string; hex: string; text: string };

const kPerLine = 16;

export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

export function dump(bytes: Uint8Array, start: number): DumpLine[] {
  const lines: DumpLine[] = [];
  for (let at = 0; at < bytes.length; at += kPerLine) {
    const part = [...bytes.slice(at, at + kPerLine)];
    lines.push({
      offset: String(start + at),
      hex: part.map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
      text: part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join(''),
    });
  }
  return lines;
}

/** As a person reads a size: with the unit that leaves few digits, by thousands. */
export function sizeText(bytes: number, language: string): string {
  const [unit, one] =
    bytes < 1e3 ? (['byte', 1] as const) : bytes < 1e6 ? (['kilobyte', 1e3] as const) : (['megabyte', 1e6] as const);
  const style = { style: 'unit', unit, unitDisplay: unit === 'byte' ? 'long' : 'short', maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(language, style).format(bytes / one);
}
