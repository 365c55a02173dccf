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
const kTelling = 4;
const kTellingBehindAValue = 6;
const leastOf = (format: string) => (format.startsWith('{') ? kTellingBehindAValue : kTelling);
const lettersIn = (format: string) => format.replace(/[{} ]/g, '').length;

type Format = { english: string; said: string };
const formats = new WeakMap<Rows, Format[]>();

/** Those that can be recognised, the one that says most first. */
function formatsOf(rows: Rows): Format[] {
  const known = formats.get(rows);
  if (known) return known;
  const made = Object.entries(rows)
    .map(([english, said]) => ({ english, said, letters: lettersIn(english) }))
    .filter(({ english, letters }) => english.includes('{}') && letters >= leastOf(english))
    .sort((a, b) => b.letters - a.letters);
  formats.set(rows, made);
  return made;
}

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
  for (const { english, said } of formatsOf(rows)) {
    const values = valuesOf(message, english);
    if (values) return fill(said, values.map((value) => (value.includes(' ') ? retold(rows, value) : value)));
  }
  return behindAColon(rows, message);
}
