import { useMemo, useState } from 'react';
import { diffLines, type DiffLine, foldDiff } from '../base/diff-lines.ts';
import { plural } from '../base/format.ts';
import { classNames } from './class-names.ts';
import { CodeText } from './code-view.tsx';
import { Notice } from './feedback.tsx';
import classes from './diff-view.module.css';

interface DiffViewProps {
  readonly left: string;
  readonly right: string;
  readonly label: string;
}

/** Two texts as one: removed and added lines, with a little of what is around them. */
export function DiffView({ left, right, label }: DiffViewProps) {
  const lines = useMemo(() => diffLines(left, right), [left, right]);
  const parts = useMemo(() => foldDiff(lines), [lines]);
  const count = (kind: DiffLine['kind']) => lines.filter((line) => line.kind === kind).length;
  const [added, removed] = [count('added'), count('removed')];
  if (added + removed === 0) return <Notice>The two are the same.</Notice>;
  return (
    <div>
      <p className={classes['summary']}>
        <span className={classes['plus']}>{plural(added, 'line')} added</span>,{' '}
        <span className={classes['minus']}>{plural(removed, 'line')} removed</span>
      </p>
      <div className={classes['view']} role="region" aria-label={label} tabIndex={0}>
        {parts.map((part, index) =>
          part.kind === 'lines' ? (
            part.lines.map((line) => <Line key={keyOf(line)} line={line} />)
          ) : (
            <Hidden key={index} lines={part.lines} />
          ),
        )}
      </div>
    </div>
  );
}

function Hidden({ lines }: { readonly lines: readonly DiffLine[] }) {
  const [isOpen, setOpen] = useState(false);
  if (isOpen) return lines.map((line) => <Line key={keyOf(line)} line={line} />);
  return (
    <button type="button" className={classes['hidden']} onClick={() => setOpen(true)}>
      Show {plural(lines.length, 'line')} that {lines.length === 1 ? 'is' : 'are'} the same
    </button>
  );
}

const keyOf = ({ left, right }: DiffLine): string => `${left}:${right}`;
const SIGNS = { same: ' ', added: '+', removed: '−' } as const;

function Line({ line }: { readonly line: DiffLine }) {
  const { kind, text, left, right } = line;
  return (
    <div className={classNames(classes['line'], classes[kind])}>
      <span className={classes['number']} data-number={left ?? ''} />
      <span className={classes['number']} data-number={right ?? ''} />
      <span className={classes['sign']}>{SIGNS[kind]}</span>
      <code>
        <CodeText text={text} />
      </code>
    </div>
  );
}
