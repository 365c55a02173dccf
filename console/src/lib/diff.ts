/** What changed between two texts, line by line. */
export type DiffLine = { kind: 'same' | 'gone' | 'new'; text: string };

/** Above it two texts are told as wholly other: a rule has at most some hundred lines. */
const kCells = 4_000_000;

const linesOf = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

/** By the longest common subsequence of lines (Myers' problem, solved by a table as rules are short). */
export function lineDiff(before: string, now: string): DiffLine[] {
  const [old, young] = [linesOf(before), linesOf(now)];
  const gone = (text: string): DiffLine => ({ kind: 'gone', text });
  const added = (text: string): DiffLine => ({ kind: 'new', text });
  if (old.length * young.length > kCells) return [...old.map(gone), ...young.map(added)];
  const width = young.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = young.length - 1; j >= 0; j -= 1)
      common[i * width + j] =
        old[i] === young[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
  const out: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < young.length) {
    if (i < old.length && j < young.length && old[i] === young[j]) {
      out.push({ kind: 'same', text: old[i]! });
      i += 1;
      j += 1;
    } else if (j === young.length || (i < old.length && common[(i + 1) * width + j]! >= common[i * width + j + 1]!)) {
      out.push(gone(old[i]!));
      i += 1;
    } else {
      out.push(added(young[j]!));
      j += 1;
    }
  }
  return out;
}

/** Changed lines with those around them; null where others are left out. */
export function withContext(lines: DiffLine[], around = 3): (DiffLine | null)[] {
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - around), at + around + 1).some(({ kind }) => kind !== 'same'),
  );
  return lines.flatMap((line, at) => (near[at] ? [line] : at === 0 || near[at - 1] ? [null] : []));
}
