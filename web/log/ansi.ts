/** A stretch of a log line in one style. */
export interface Span {
  readonly text: string;
  readonly style: AnsiStyle;
}

/** `color` and `background`: 0–15 of the terminal's palette, or `rgb(…)`. Absent fields: plain. */
export interface AnsiStyle {
  readonly color?: number | string;
  readonly background?: number | string;
  readonly isBold?: boolean;
  readonly isDim?: boolean;
  readonly isItalic?: boolean;
  readonly isUnderlined?: boolean;
}

export const PLAIN: AnsiStyle = {};

/** Colour codes and the other sequences of terminals (ECMA-48): CSI, OSC, and single escapes. */
const SEQUENCE = /\u001b\[([0-9;:]*)([@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|\u001b[@-Z\\-_]|\u001b/g;

/**
 * A line of a log as stretches of one style. Colours and weights are kept, every other sequence is dropped, and of what a progress
 * bar wrote over itself with carriage returns only the last is left. `before`: the style the line before ended with.
 */
export function parseAnsi(
  line: string,
  before: AnsiStyle = PLAIN,
): { readonly spans: readonly Span[]; readonly after: AnsiStyle } {
  const spans: Span[] = [];
  let style = before;
  let from = 0;
  const push = (text: string): void => {
    if (text !== '') spans.push({ text, style });
  };
  const visible = afterCarriageReturns(line);
  if (!visible.includes('\u001b')) {
    push(visible);
    return { spans, after: style };
  }
  for (const match of visible.matchAll(SEQUENCE)) {
    push(visible.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[2] === 'm') style = applyCodes(style, match[1]!);
  }
  push(visible.slice(from));
  return { spans, after: style };
}

/** The text without colours: for search and for copying. */
export const plainText = (line: string): string => afterCarriageReturns(line).replace(SEQUENCE, '');

function afterCarriageReturns(line: string): string {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  const at = text.lastIndexOf('\r');
  return at < 0 ? text : text.slice(at + 1);
}

function applyCodes(before: AnsiStyle, parameters: string): AnsiStyle {
  const codes = parameters.split(/[;:]/).map(Number);
  let style = before;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at]!;
    if (code === 38 || code === 48) {
      const [color, used] = extendedColor(codes.slice(at + 1));
      at += used;
      if (color !== undefined) style = { ...style, [code === 38 ? 'color' : 'background']: color };
    } else style = applyCode(style, code);
  }
  return style;
}

function applyCode(style: AnsiStyle, code: number): AnsiStyle {
  if (code >= 30 && code <= 37) return { ...style, color: code - 30 };
  if (code >= 90 && code <= 97) return { ...style, color: code - 82 };
  if (code >= 40 && code <= 47) return { ...style, background: code - 40 };
  if (code >= 100 && code <= 107) return { ...style, background: code - 92 };
  switch (code) {
    case 0:
      return PLAIN;
    case 1:
      return { ...style, isBold: true };
    case 2:
      return { ...style, isDim: true };
    case 3:
      return { ...style, isItalic: true };
    case 4:
      return { ...style, isUnderlined: true };
    case 22:
      return without(style, 'isBold', 'isDim');
    case 23:
      return without(style, 'isItalic');
    case 24:
      return without(style, 'isUnderlined');
    case 39:
      return without(style, 'color');
    case 49:
      return without(style, 'background');
    default:
      return style;
  }
}

function without(style: AnsiStyle, ...names: readonly (keyof AnsiStyle)[]): AnsiStyle {
  return Object.fromEntries(Object.entries(style).filter(([name]) => !names.includes(name as keyof AnsiStyle)));
}

/** `5;n` and `2;r;g;b`, and how many numbers that was. */
function extendedColor(codes: readonly number[]): readonly [color: number | string | undefined, used: number] {
  if (codes[0] === 5 && codes[1] !== undefined) return [paletteColor(codes[1]), 2];
  if (codes[0] === 2 && codes.length >= 4) return [`rgb(${codes.slice(1, 4).map(byte).join(' ')})`, 4];
  return [undefined, codes.length];
}

const byte = (value: number): number => Math.min(255, Math.max(0, Math.trunc(value) || 0));

/** The 256 colours of xterm: 16 of the palette, a cube of 6 × 6 × 6, and 24 greys. */
function paletteColor(index: number): number | string | undefined {
  if (index < 16) return index;
  if (index < 232) {
    const level = (value: number): number => (value === 0 ? 0 : 55 + 40 * value);
    const cube = index - 16;
    return `rgb(${level(Math.floor(cube / 36))} ${level(Math.floor(cube / 6) % 6)} ${level(cube % 6)})`;
  }
  if (index < 256)
    return `rgb(${Array(3)
      .fill(8 + 10 * (index - 232))
      .join(' ')})`;
  return undefined;
}
