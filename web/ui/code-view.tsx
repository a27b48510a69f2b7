import { useMemo } from 'react';
import { tokensOfYaml } from './yaml-tokens.ts';
import classes from './code-view.module.css';

/** Lines of one block; blocks out of view are not laid out, but are found by the browser's search. */
const BLOCK = 200;

/** A text with line numbers, coloured as YAML. */
export function CodeView({ text, label }: { readonly text: string; readonly label: string }) {
  const blocks = useMemo(() => {
    const lines = text.replace(/\n$/, '').split('\n');
    return Array.from({ length: Math.ceil(lines.length / BLOCK) }, (_, index) => lines.slice(index * BLOCK, (index + 1) * BLOCK));
  }, [text]);
  return (
    <div className={classes['view']} role="region" aria-label={label} tabIndex={0}>
      {blocks.map((lines, block) => (
        <div key={block} className={classes['block']} style={{ containIntrinsicHeight: `auto ${lines.length * 20}px` }}>
          {lines.map((line, index) => (
            <CodeLine key={index} number={block * BLOCK + index + 1} text={line} />
          ))}
        </div>
      ))}
    </div>
  );
}

export function CodeLine({ number, text }: { readonly number: number; readonly text: string }) {
  return (
    <div className={classes['line']}>
      <span className={classes['number']} data-number={number} />
      <code>
        <CodeText text={text} />
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
