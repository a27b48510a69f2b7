import { readFileSync } from 'node:fs';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Points around y = 3x + 2 as CSV; the same ones for the same arguments. */
export function makeTable(rows: number, noise: number): string {
  let state = 12_345;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  const lines = Array.from({ length: rows }, () => {
    const x = next() * 2 - 1;
    return `${x.toFixed(5)},${(3 * x + 2 + (next() - 0.5) * noise).toFixed(5)}`;
  });
  return `x,y\n${lines.join('\n')}\n`;
}

export function readTable(path: string): readonly Point[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [x, y] = line.split(',').map(Number) as [number, number];
      return { x, y };
    });
}
