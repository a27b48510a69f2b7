import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import { formatBytes, formatCount } from '../base/format.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { DownloadLink } from '../ui/download-link.tsx';
import { ErrorMessage } from '../ui/feedback.tsx';
import { Icon } from '../ui/icon.tsx';
import { LogLine } from './log-line.tsx';
import { LogReader } from './log-reader.ts';
import { LogSearch } from './log-search.tsx';
import { downloadUrl, type LogAddress } from './log-source.ts';
import { elementHeight, followScroll, topFor, type Scroll } from './scroll-scale.ts';
import classes from './log.module.css';

const ROW = 20;
const OVERSCAN = 10;

interface LogViewProps extends LogAddress {
  /** The attempt still writes. */
  readonly isLive: boolean;
  /** Place of a line that is pointed out and shown first. */
  readonly at?: number | undefined;
  readonly onAt: (offset: number | undefined) => void;
}

/** The log of an attempt, of any size: opens at its end, follows it while it grows. */
export function LogView({ runId, taskId, attempt, isLive, at, onAt }: LogViewProps) {
  const reader = useReader({ runId, taskId, attempt }, isLive, at);
  useSyncExternalStore(reader.subscribe, () => reader.version);
  const scroller = useRef<HTMLDivElement>(null);
  const [search, setSearch] = useState('');
  const list = useRows(scroller, reader, at);
  const { blocks, status } = reader;
  const address = { runId, taskId, attempt };
  return (
    <div className={classes['log']}>
      <div className={classes['head']}>
        <LogSearch
          address={address}
          size={blocks.size}
          onText={setSearch}
          onHit={(offset) => {
            onAt(offset);
            list.goTo(offset);
          }}
        />
        <span className={classes['facts']}>
          {status === 'following' && <span className={classes['live']}>live</span>}
          {blocks.size > 0 && formatBytes(blocks.size)}
        </span>
        <CopyButton text={shownText(reader, list.from, list.to)} label="Copy the lines shown" />
        <DownloadLink href={downloadUrl(address)} label="Download the log" />
      </div>
      {status === 'failed' && <ErrorMessage title="The log cannot be read" error={reader.error!} />}
      {status !== 'opening' && status !== 'failed' && blocks.size === 0 && (
        <p className={classes['empty']}>{isLive ? 'Nothing has been printed yet.' : 'This attempt printed nothing.'}</p>
      )}
      <div
        ref={scroller}
        className={classes['scroller']}
        role="log"
        aria-label="Log"
        aria-busy={status === 'opening'}
        tabIndex={0}
        onScroll={list.onScroll}
      >
        <div className={classes['sheet']} style={{ height: elementHeight(blocks.rowCount * ROW) }}>
          {Array.from({ length: Math.max(0, list.to - list.from) }, (_, index) => {
            const row = list.from + index;
            const line = blocks.lineAt(row);
            return (
              <LogLine
                key={row}
                line={line}
                top={row * ROW - list.shift}
                isPointedOut={line !== undefined && line.offset === at}
                search={search}
                onPick={onAt}
              />
            );
          })}
        </div>
      </div>
      {!list.isAtEnd && blocks.size > 0 && (
        <button type="button" className={classes['toEnd']} onClick={list.toEnd}>
          <Icon name="chevronDown" size={13} />
          {status === 'following' ? 'Follow' : 'To the end'} · {formatCount(Math.round(blocks.rowCount))} lines
        </button>
      )}
    </div>
  );
}

function useReader({ runId, taskId, attempt }: LogAddress, isLive: boolean, at: number | undefined): LogReader {
  const [reader, setReader] = useState(() => new LogReader({ runId, taskId, attempt }));
  const first = useRef(at);
  useEffect(() => {
    const fresh = new LogReader({ runId, taskId, attempt });
    setReader(fresh);
    void fresh.open({ isLive, at: first.current });
    first.current = undefined;
    return () => fresh.close();
    // An attempt that ends is followed to its end by the same reader.
  }, [runId, taskId, attempt]);
  return reader;
}

interface Rows {
  readonly from: number;
  readonly to: number;
  /** Pixels between where rows are in the list and where they are in the element. */
  readonly shift: number;
  readonly isAtEnd: boolean;
  readonly onScroll: () => void;
  readonly toEnd: () => void;
  readonly goTo: (offset: number) => void;
}

/**
 * Which rows are in view. While the end is in view it stays in view, however the log grows. Else the line at the top stays where it is:
 * how many rows lie before it is a guess until they are loaded.
 */
function useRows(scroller: RefObject<HTMLDivElement | null>, reader: LogReader, at: number | undefined): Rows {
  const [scroll, setScroll] = useState<Scroll>({ top: 0, at: 0 });
  const [viewHeight, setViewHeight] = useState(0);
  const [isAtEnd, setAtEnd] = useState(at === undefined);
  const wanted = useRef(at);
  const anchor = useRef<{ readonly offset: number; readonly below: number }>(undefined);
  const { blocks } = reader;
  const extents = { height: blocks.rowCount * ROW, viewHeight };
  const remember = useCallback(
    (place: number) => {
      const row = Math.max(0, Math.floor(place / ROW));
      const line = reader.blocks.lineAt(row);
      anchor.current = line && { offset: line.offset, below: place - row * ROW };
    },
    [reader],
  );
  const move = useCallback(
    (place: number, { height }: { readonly height: number }) => {
      const top = topFor(place, { height, viewHeight });
      if (scroller.current) scroller.current.scrollTop = top;
      remember(place);
      // What the browser made of it is what the next scroll is measured from.
      setScroll({ top: scroller.current?.scrollTop ?? top, at: Math.max(0, Math.min(place, height - viewHeight)) });
    },
    [scroller, viewHeight, remember],
  );
  useLayoutEffect(() => {
    const element = scroller.current!;
    const measure = () => setViewHeight(element.clientHeight);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
  useLayoutEffect(() => {
    if (viewHeight === 0 || extents.height === 0) return;
    if (wanted.current !== undefined) {
      move(blocks.rowOf(wanted.current) * ROW - viewHeight / 3, extents);
      if (blocks.isLoaded(blocks.blockOf(wanted.current))) wanted.current = undefined;
    } else if (isAtEnd) move(extents.height - viewHeight, extents);
    else if (anchor.current === undefined) remember(scroll.at);
    else {
      const place = blocks.rowOf(anchor.current.offset) * ROW + anchor.current.below;
      if (Math.abs(place - scroll.at) >= 1) move(place, extents);
    }
  }, [extents.height, viewHeight, isAtEnd, reader.version]);
  const from = Math.max(0, Math.floor(scroll.at / ROW) - OVERSCAN);
  const to = Math.min(blocks.rowCount, Math.ceil((scroll.at + viewHeight) / ROW) + OVERSCAN);
  useEffect(() => {
    if (to > from) reader.want(from, to - 1);
  }, [reader, from, to]);
  return {
    from,
    to,
    shift: scroll.at - scroll.top,
    isAtEnd,
    onScroll: () => {
      const next = followScroll(scroll, scroller.current!.scrollTop, extents);
      if (next.top === scroll.top) return;
      setScroll(next);
      remember(next.at);
      setAtEnd(next.at >= extents.height - viewHeight - ROW);
    },
    toEnd: () => setAtEnd(true),
    goTo: (offset) => {
      wanted.current = offset;
      setAtEnd(false);
      move(blocks.rowOf(offset) * ROW - viewHeight / 3, extents);
    },
  };
}

const decoder = new TextDecoder();

function shownText({ blocks }: LogReader, from: number, to: number): string {
  const lines: string[] = [];
  for (let row = from; row < to; row += 1) lines.push(decoder.decode(blocks.lineAt(row)?.bytes));
  return lines.join('\n');
}
