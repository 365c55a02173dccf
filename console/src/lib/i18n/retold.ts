/** Texts of another language by their English; where values stand in it, `{}` in order, or `{0}` by place. */
export type Rows = Readonly<Record<string, string>>;

/** The values of `message` when it is made of `format`, whose values are all written {}. */
function valuesOf(message: string, format: string): string[] | undefined {
  const [head = '', ...pieces] = format.split('{}');
  if (pieces.length === 0 || !message.startsWith(head)) return undefined;
  const values: string[] = [];
  let from = head.length;
  for (const [index, piece] of pieces.entries()) {
    const isLast = index === pieces.length - 1;
    const at = isLast ? message.length - piece.length : message.indexOf(piece, from);
    if (at < from || (isLast && !message.endsWith(piece))) return undefined;
    values.push(message.slice(from, at));
    from = at + piece.length;
  }
  return values;
}

// A format with fewer letters would be found in any message; one that begins with a value, sooner.
const kTelling = 6;
const kTellingBehindAValue = 13;
const leastOf = (format: string) => (format.startsWith('{') ? kTellingBehindAValue : kTelling);
const lettersIn = (format: string) => format.replace(/[{} ]/g, '').length;

const fill = (said: string, values: readonly string[]) => {
  let next = 0;
  return said.replace(/\{(\d*)\}/g, (_, place: string) => values[place === '' ? next++ : Number(place)] ?? '');
};

/** "In what: the sentence": the sentence alone is known. */
function behindAColon(rows: Rows, message: string): string {
  const at = message.indexOf(': ');
  return at < 0 ? message : message.slice(0, at + 2) + retold(rows, message.slice(at + 2));
}

/**
 * A message that the server composed in English: recognised by the format of its row, and where its values are
 * sentences, these too. Itself where no row fits. As src/app/texts.cpp does it for the command line.
 */
export function retold(rows: Rows, message: string): string {
  if (Object.hasOwn(rows, message)) return rows[message]!;
  let best: { letters: number; said: string; values: string[] } | undefined;
  for (const [english, said] of Object.entries(rows)) {
    const letters = lettersIn(english);
    if (letters < Math.max(leastOf(english), (best?.letters ?? 0) + 1)) continue;
    const values = valuesOf(message, english);
    if (values) best = { letters, said, values };
  }
  if (!best) return behindAColon(rows, message);
  return fill(
    best.said,
    best.values.map((value) => (value.includes(' ') ? retold(rows, value) : value)),
  );
}
