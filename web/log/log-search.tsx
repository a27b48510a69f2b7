import { useEffect, useRef, useState } from 'react';
import { Icon } from '../ui/icon.tsx';
import { findInLog, type SearchProgress } from './find-in-log.ts';
import { readLog, type LogAddress } from './log-source.ts';
import classes from './log.module.css';

interface LogSearchProps {
  readonly address: LogAddress;
  readonly size: number;
  /** Lower case, to be marked in the lines. */
  readonly onText: (text: string) => void;
  readonly onHit: (offset: number) => void;
}

const PAUSE_MS = 250;

/** Searches the whole log, also what is not loaded: Enter goes up from hit to hit, Shift Enter down, Escape stops. */
export function LogSearch({ address, size, onText, onHit }: LogSearchProps) {
  const [text, setText] = useState('');
  const [found, setFound] = useState<SearchProgress>();
  const [at, setAt] = useState(-1);
  const latest = useRef({ size, onText });
  latest.current = { size, onText };
  const { runId, taskId, attempt } = address;
  useEffect(() => {
    setFound(undefined);
    setAt(-1);
    latest.current.onText(text.toLowerCase());
    if (text === '') return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      const read = async (offset: number, limit: number) =>
        (await readLog({ runId, taskId, attempt }, { offset, limit }, stop.signal)).bytes;
      const search = async () => {
        for await (const progress of findInLog(text, latest.current.size, read)) {
          if (stop.signal.aborted) return;
          setFound(progress);
        }
      };
      void search().catch(() => undefined);
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text, runId, taskId, attempt]);
  const hits = found?.hits ?? [];
  const step = (by: number) => {
    if (hits.length === 0) return;
    const next = at < 0 ? 0 : (at + by + hits.length) % hits.length;
    setAt(next);
    onHit(hits[next]!.offset);
  };
  return (
    <div className={classes['search']} role="search">
      <Icon name="search" size={14} />
      <input
        type="search"
        aria-label="Search the log"
        placeholder="Search the log"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
          else if (event.key === 'Escape') setText('');
          else return;
          event.preventDefault();
        }}
      />
      {text !== '' && <output className={classes['hits']}>{describe(found, at, size)}</output>}
    </div>
  );
}

function describe(found: SearchProgress | undefined, at: number, size: number): string {
  if (found === undefined) return '…';
  const count = found.hits.length;
  const progress = found.isDone ? '' : ` · ${Math.floor((found.searched / Math.max(1, size)) * 100)} %`;
  if (count === 0) return found.isDone ? 'no lines' : `none yet${progress}`;
  return `${at < 0 ? '' : `${at + 1} of `}${count} ${count === 1 ? 'line' : 'lines'}${progress}`;
}
