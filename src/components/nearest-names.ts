/** Suggestions for a mistyped name. */

/** Longest name that is compared; edit distance costs the product of the lengths. */
const MAX_NAME_LENGTH = 200;

/** Insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
export function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = rows[row - 1]![column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      let best = Math.min(replaced, rows[row - 1]![column]! + 1, current[column - 1]! + 1);
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) best = Math.min(best, rows[row - 2]![column - 2]! + 1);
      current.push(best);
    }
    rows.push(current);
  }
  return rows[from.length]![to.length]!;
}

/** The names closest to what was asked for, best first: at most `limit`, none further away than a third of its length. */
export function nearestNames(asked: string, names: Iterable<string>, limit = 3): readonly string[] {
  if (asked.length > MAX_NAME_LENGTH) return [];
  const wanted = asked.toLowerCase();
  const furthest = Math.max(2, Math.floor(asked.length / 3));
  return [...new Set(names)]
    .filter((name) => name !== asked && Math.abs(name.length - asked.length) <= furthest)
    .map((name) => ({ name, distance: editDistance(wanted, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= furthest)
    .sort((left, right) => left.distance - right.distance || (left.name < right.name ? -1 : 1))
    .slice(0, limit)
    .map(({ name }) => name);
}

/** `did you mean "a" or "b"?`, or nothing when no name is near. */
export function didYouMean(asked: string, names: Iterable<string>): string | undefined {
  const near = nearestNames(asked, names);
  return near.length === 0 ? undefined : `did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`;
}
