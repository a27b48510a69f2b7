import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { yamlTokens } from './yaml-tokens.ts';
import classes from './artifact.module.css';

const ROW = 20;

interface CodeViewProps {
  readonly text: string;
  readonly label: string;
  /** Default: YAML and JSON are coloured. */
  readonly isPlain?: boolean;
}

/** Text with line numbers; any length, only what is in view is drawn. */
export function CodeView({ text, label, isPlain = false }: CodeViewProps) {
  const lines = useMemo(() => text.replace(/\n$/, '').split('\n'), [text]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 20,
  });
  return (
    <div ref={scroller} className={classes['code']} role="region" aria-label={label} tabIndex={0}>
      <div style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => (
          <div key={index} className={classes['codeLine']} style={{ transform: `translateY(${start}px)` }}>
            <span className={classes['codeNumber']} aria-hidden="true">
              {index + 1}
            </span>
            <code>
              {isPlain
                ? lines[index]
                : yamlTokens(lines[index]!).map(({ kind, text: part }, at) => (
                    <span key={at} className={classes[`token-${kind}`]}>
                      {part}
                    </span>
                  ))}
            </code>
          </div>
        ))}
      </div>
    </div>
  );
}
