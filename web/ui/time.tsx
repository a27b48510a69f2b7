import { formatDuration, formatExact, formatRelative } from '../base/format.ts';
import { useNow } from '../base/use-now.ts';

/** When something happened: relative, and exact in the tooltip. A dash when it did not. */
export function Time({ at }: { readonly at: string | undefined }) {
  const now = useNow(at === undefined ? 'never' : 'ten seconds');
  if (at === undefined) return <span className="muted">–</span>;
  const ms = Date.parse(at);
  return (
    <time dateTime={at} title={formatExact(ms)}>
      {formatRelative(ms, Math.max(now, Date.now()))}
    </time>
  );
}

/** How long something took, or takes so far: then it counts on. A dash when it has not started. */
export function Duration({ from, to }: { readonly from: string | undefined; readonly to: string | undefined }) {
  const now = useNow(from !== undefined && to === undefined ? 'second' : 'never');
  if (from === undefined) return <span className="muted">–</span>;
  const started = Date.parse(from);
  const isRunning = to === undefined;
  // Whole seconds while it counts, so that the text does not jitter.
  const ms = isRunning ? Math.max(1_000, Math.floor((now - started) / 1_000) * 1_000) : Date.parse(to) - started;
  const title = isRunning ? `since ${formatExact(started)}` : `${formatExact(started)} – ${formatExact(started + ms)}`;
  return <span title={title}>{isRunning && ms < 10_000 ? `${ms / 1_000} s` : formatDuration(ms)}</span>;
}
