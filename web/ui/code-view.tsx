import { Fragment, useMemo } from 'react';
import { tokensOfYaml } from './yaml-tokens.ts';
import classes from './code-view.module.css';

/** Lines of one block; blocks out of view are not laid out, but are found by the browser's search. */
const BLOCK = 200;
/** Colours take elements for every line; a text that is longer does without. */
const MAX_COLOURED_LINES = 20_000;
const LINE_HEIGHT = 20;

interface CodeViewProps {
  readonly text: string;
  readonly label: string;
  /** Default: it is coloured as YAML, of which JSON is a part. */
  readonly isPlain?: boolean;
}

/** A text with line numbers. */
export function CodeView({ text, label, isPlain = false }: CodeViewProps) {
  const lines = useMemo(() => text.replace(/\n$/, '').split('\n'), [text]);
  const blocks = Array.from({ length: Math.ceil(lines.length / BLOCK) }, (_, index) => index * BLOCK);
  return (
    <div className={classes['view']} role="region" aria-label={label} tabIndex={0}>
      {blocks.map((start) => (
        <Block
          key={start}
          start={start}
          lines={lines.slice(start, start + BLOCK)}
          isPlain={isPlain || lines.length > MAX_COLOURED_LINES}
        />
      ))}
    </div>
  );
}

interface BlockProps {
  readonly start: number;
  readonly lines: readonly string[];
  readonly isPlain: boolean;
}

function Block({ start, lines, isPlain }: BlockProps) {
  const numbers = lines.map((_, index) => start + index + 1).join('\n');
  return (
    <div className={classes['block']} style={{ containIntrinsicHeight: `auto ${lines.length * LINE_HEIGHT}px` }}>
      <span className={classes['numbers']} data-numbers={numbers} />
      <code>
        {isPlain
          ? lines.join('\n')
          : lines.map((line, index) => (
              <Fragment key={index}>
                <CodeText text={line} />
                {'\n'}
              </Fragment>
            ))}
      </code>
    </div>
  );
}

export function CodeText({ text }: { readonly text: string }) {
  return tokensOfYaml(text).map(({ kind, text: part }, index) =>
    kind === 'plain' ? (
      part
    ) : (
      <span key={index} className={classes[kind === 'number' ? 'number-value' : kind]}>
        {part}
      </span>
    ),
  );
}
