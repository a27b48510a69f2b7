import type { Point } from './table.ts';

export interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/** Gradient descent on the mean squared error. Throws when the loss grows beyond all bounds. */
export function trainLine(points: readonly Point[], { rate, epochs }: { readonly rate: number; readonly epochs: number }) {
  let line: Line = { slope: 0, intercept: 0 };
  const losses: number[] = [];
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    line = step(points, line, rate);
    const loss = lossOf(points, line);
    losses.push(loss);
    if (epoch === 1 || epoch % 10 === 0) console.log(`epoch ${epoch}: loss ${loss.toPrecision(4)}`);
    if (!(loss < 1e6)) {
      throw new Error(
        `the loss has grown to ${loss.toPrecision(3)} in epoch ${epoch}: learning_rate ${rate} is too large, try 0.5`,
      );
    }
  }
  return { line, losses };
}

export function lossOf(points: readonly Point[], { slope, intercept }: Line): number {
  return points.reduce((sum, { x, y }) => sum + (slope * x + intercept - y) ** 2, 0) / points.length;
}

function step(points: readonly Point[], { slope, intercept }: Line, rate: number): Line {
  let bySlope = 0;
  let byIntercept = 0;
  for (const { x, y } of points) {
    const error = slope * x + intercept - y;
    bySlope += (2 * error * x) / points.length;
    byIntercept += (2 * error) / points.length;
  }
  return { slope: slope - rate * bySlope, intercept: intercept - rate * byIntercept };
}
