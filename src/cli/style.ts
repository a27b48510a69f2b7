import { styleText } from 'node:util';

/** Colours by meaning; the plain style is what tests compare with and what NO_COLOR gets. */
export interface Style {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly accent: (text: string) => string;
}

const same = (text: string): string => text;

export const plainStyle: Style = { good: same, bad: same, warn: same, dim: same, strong: same, accent: same };

const colour = (format: Parameters<typeof styleText>[0]) => (text: string) => styleText(format, text, { validateStream: false });

const colourStyle: Style = {
  good: colour('green'),
  bad: colour('red'),
  warn: colour('yellow'),
  dim: colour('dim'),
  strong: colour('bold'),
  accent: colour('cyan'),
};

/** Colour on a terminal unless NO_COLOR is set (no-color.org); FORCE_COLOR asks for it anywhere. */
export function styleFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Style {
  if (env['NO_COLOR']) return plainStyle;
  if (env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') return colourStyle;
  return stream.isTTY && env['TERM'] !== 'dumb' ? colourStyle : plainStyle;
}
