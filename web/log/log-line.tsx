import { memo, type CSSProperties } from 'react';
import { classNames } from '../ui/class-names.ts';
import { PLAIN, type AnsiStyle, parseAnsi } from './ansi.ts';
import type { LogLine as Line } from './log-blocks.ts';
import classes from './log.module.css';

interface LogLineProps {
  readonly line: Line | undefined;
  readonly top: number;
  readonly isPointedOut: boolean;
  /** Lower case; empty: nothing is searched. */
  readonly search: string;
  readonly onPick: (offset: number) => void;
}

const decoder = new TextDecoder();

/** A line of a log. Its number, or where it is while numbers are not known, is the link to it. */
export const LogLine = memo(function LogLine({ line, top, isPointedOut, search, onPick }: LogLineProps) {
  return (
    <div
      className={classNames(classes['line'], isPointedOut && classes['pointedOut'])}
      style={{ transform: `translateY(${top}px)` }}
    >
      {line && (
        <>
          <button
            type="button"
            tabIndex={-1}
            className={classes['number']}
            aria-label={line.number === undefined ? `Link to this line` : `Link to line ${line.number}`}
            onClick={() => onPick(line.offset)}
          >
            {line.number ?? '·'}
          </button>
          <span className={classes['text']}>
            <LineText text={decoder.decode(line.bytes)} search={search} />
            {line.isCut && <span className={classes['cut']}> … goes on: download the log to see it</span>}
          </span>
        </>
      )}
    </div>
  );
});

function LineText({ text, search }: { readonly text: string; readonly search: string }) {
  const { spans } = parseAnsi(text, PLAIN);
  return spans.map(({ text: part, style }, index) =>
    style === PLAIN || Object.keys(style).length === 0 ? (
      <Found key={index} text={part} search={search} />
    ) : (
      <span key={index} className={classOf(style)} style={colorsOf(style)}>
        <Found text={part} search={search} />
      </span>
    ),
  );
}

function Found({ text, search }: { readonly text: string; readonly search: string }) {
  if (search === '') return text;
  const parts: React.ReactNode[] = [];
  const lower = text.toLowerCase();
  let from = 0;
  for (let at = lower.indexOf(search); at >= 0; at = lower.indexOf(search, from)) {
    parts.push(text.slice(from, at), <mark key={at}>{text.slice(at, at + search.length)}</mark>);
    from = at + search.length;
  }
  return from === 0 ? text : [...parts, text.slice(from)];
}

function classOf({ isBold, isDim, isItalic, isUnderlined }: AnsiStyle): string {
  return classNames(
    isBold && classes['bold'],
    isDim && classes['dim'],
    isItalic && classes['italic'],
    isUnderlined && classes['underlined'],
  );
}

function colorsOf({ color, background }: AnsiStyle): CSSProperties {
  return {
    ...(color === undefined ? {} : { color: cssColor(color) }),
    ...(background === undefined ? {} : { background: cssColor(background) }),
  };
}

const cssColor = (color: number | string): string => (typeof color === 'number' ? `var(--ansi-${color})` : color);
