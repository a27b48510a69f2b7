/** A line of a comparison; `left` and `right` are its numbers in the two texts, counted from 1. */
export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
  readonly left: number | undefined;
  readonly right: number | undefined;
}

/** Texts that differ more than this are compared as a whole: everything removed, everything added. */
const MAX_EDITS = 4_000;

/**
 * The shortest way from one text to the other in removed and added lines (E. Myers, "An O(ND) Difference Algorithm and Its
 * Variations", 1986). Common beginnings and ends are left out of the search.
 */
export function diffLines(left: string, right: string): DiffLine[] {
  const a = left.split('\n');
  const b = right.split('\n');
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const middle = shortestEdit(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const kinds = [...Array<'same'>(head).fill('same'), ...middle, ...Array<'same'>(tail).fill('same')];
  return numbered(kinds, a, b);
}

type Kind = DiffLine['kind'];

function shortestEdit(a: readonly string[], b: readonly string[]): Kind[] {
  const max = Math.min(a.length + b.length, MAX_EDITS);
  const offset = max + 1;
  // The furthest line of `a` that is reached on each diagonal, for every number of edits.
  let furthest = new Int32Array(2 * max + 3);
  const trace: Int32Array[] = [];
  for (let edits = 0; edits <= max; edits += 1) {
    trace.push(furthest.slice());
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const goesDown =
        diagonal === -edits || (diagonal !== edits && furthest[offset + diagonal - 1]! < furthest[offset + diagonal + 1]!);
      let x = goesDown ? furthest[offset + diagonal + 1]! : furthest[offset + diagonal - 1]! + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x += 1;
      furthest[offset + diagonal] = x;
      if (x >= a.length && x - diagonal >= b.length) return wayBack(trace, a.length, b.length, offset);
    }
  }
  return [...a.map(() => 'removed' as const), ...b.map(() => 'added' as const)];
}

function wayBack(trace: readonly Int32Array[], aLength: number, bLength: number, offset: number): Kind[] {
  const kinds: Kind[] = [];
  let x = aLength;
  let y = bLength;
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const furthest = trace[edits]!;
    const diagonal = x - y;
    const goesDown =
      diagonal === -edits || (diagonal !== edits && furthest[offset + diagonal - 1]! < furthest[offset + diagonal + 1]!);
    const before = goesDown ? diagonal + 1 : diagonal - 1;
    const beforeX = edits === 0 ? 0 : furthest[offset + before]!;
    const beforeY = edits === 0 ? 0 : beforeX - before;
    while (x > beforeX && y > beforeY) {
      kinds.push('same');
      x -= 1;
      y -= 1;
    }
    if (edits > 0) kinds.push(goesDown ? 'added' : 'removed');
    x = beforeX;
    y = beforeY;
  }
  return kinds.toReversed();
}

function numbered(kinds: readonly Kind[], a: readonly string[], b: readonly string[]): DiffLine[] {
  let left = 0;
  let right = 0;
  return kinds.map((kind) => {
    if (kind !== 'added') left += 1;
    if (kind !== 'removed') right += 1;
    return {
      kind,
      text: kind === 'added' ? b[right - 1]! : a[left - 1]!,
      left: kind === 'added' ? undefined : left,
      right: kind === 'removed' ? undefined : right,
    };
  });
}

/** Runs of lines to show, and how many equal ones lie between them. */
export type DiffPart =
  | { readonly kind: 'lines'; readonly lines: readonly DiffLine[] }
  | { readonly kind: 'hidden'; readonly lines: readonly DiffLine[] };

/** Leaves out equal lines that are further than `context` from a difference. */
export function foldDiff(lines: readonly DiffLine[], context = 4): DiffPart[] {
  const isNear = new Uint8Array(lines.length);
  lines.forEach(({ kind }, index) => {
    if (kind !== 'same') isNear.fill(1, Math.max(0, index - context), index + context + 1);
  });
  const parts: { kind: DiffPart['kind']; lines: DiffLine[] }[] = [];
  lines.forEach((line, index) => {
    const kind = isNear[index] ? 'lines' : 'hidden';
    const last = parts.at(-1);
    if (last?.kind === kind) last.lines.push(line);
    else parts.push({ kind, lines: [line] });
  });
  return parts;
}
