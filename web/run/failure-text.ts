import { plainText } from '../log/ansi.ts';

const MAX_LENGTH = 400;
/** How interpreters name what was thrown: `ValueError: …`, `java.lang.IllegalStateException: …`. */
const THROWN = /^\s*(?:[\w$]+\.)*\w*(?:Error|Exception|Exit|Interrupt|panic)\b\s*[:(]/;

/** The line of an error message that says what went wrong: of a stack trace what was thrown, else the first line. */
export function headline(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  const line = (lines.findLast((one) => THROWN.test(one)) ?? lines[0] ?? '').trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}

/** The end of a log without colours and without empty lines at its end. */
export function lastLines(log: string, count: number): readonly string[] {
  const lines = log.trimEnd().split('\n').slice(-count).map(plainText);
  return lines.length === 1 && lines[0] === '' ? [] : lines;
}
