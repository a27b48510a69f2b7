import { type PointerEvent, useState } from 'react';
import { formatNumber, niceTicks } from './axis.ts';
import { areaUnder, type RocPoint } from './classification.ts';
import classes from './chart.module.css';

export interface RocCurve {
  readonly name: string;
  readonly roc: readonly RocPoint[];
}

const SIZE = 320;
const LEFT = 40;
const BOTTOM = 36;
const TOP = 8;
const COLORS = ['var(--accent)', 'var(--succeeded)', 'var(--warning)', 'var(--cached)', 'var(--failed)', 'var(--canceled)'];

export const curveColor = (index: number): string => COLORS[index % COLORS.length]!;

/** ROC curves. Pointing at the chart reads off the nearest point of the first curve, with its threshold. */
export function RocChart({ curves }: { readonly curves: readonly RocCurve[] }) {
  const [point, setPoint] = useState<RocPoint>();
  const x = (rate: number): number => LEFT + rate * SIZE;
  const y = (rate: number): number => TOP + (1 - rate) * SIZE;
  const read = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const rate = (((event.clientX - box.left) / box.width) * (LEFT + SIZE + 8) - LEFT) / SIZE;
    setPoint(nearest(curves[0]?.roc ?? [], rate));
  };
  const ticks = niceTicks(0, 1);
  const title = curves.map(({ name, roc }) => `${name}: area under the curve ${formatNumber(areaUnder(roc))}`).join('; ');
  return (
    <svg
      className={classes['chart']}
      viewBox={`0 0 ${LEFT + SIZE + 8} ${TOP + SIZE + BOTTOM}`}
      role="img"
      aria-label={title}
      onPointerMove={read}
      onPointerLeave={() => setPoint(undefined)}
    >
      {ticks.map((tick) => (
        <g key={tick}>
          <path className={classes['grid']} d={`M${x(tick)} ${y(0)}V${y(1)}M${x(0)} ${y(tick)}H${x(1)}`} />
          <text x={x(tick)} y={y(0) + 16} textAnchor="middle">
            {tick}
          </text>
          <text x={x(0) - 8} y={y(tick) + 4} textAnchor="end">
            {tick}
          </text>
        </g>
      ))}
      <path className={classes['chance']} d={`M${x(0)} ${y(0)}L${x(1)} ${y(1)}`} />
      <text x={x(0.5)} y={y(0) + 32} textAnchor="middle" className={classes['title']}>
        False positive rate
      </text>
      <text transform={`translate(11 ${y(0.5)}) rotate(-90)`} textAnchor="middle" className={classes['title']}>
        True positive rate
      </text>
      {curves.map(({ name, roc }, index) => (
        <g key={name}>
          {curves.length === 1 && (
            <path
              className={classes['area']}
              d={`${path(roc, x, y)}L${x(1)} ${y(0)}L${x(0)} ${y(0)}Z`}
              style={{ fill: curveColor(index) }}
            />
          )}
          <path className={classes['curve']} d={path(roc, x, y)} style={{ stroke: curveColor(index) }} />
        </g>
      ))}
      {point && (
        <g>
          <circle cx={x(point.falsePositiveRate)} cy={y(point.recall)} r="4.5" className={classes['point']} />
          <text className={classes['reading']} x={x(0.98)} y={y(0.06)} textAnchor="end">
            {point.threshold !== undefined && `threshold ${formatNumber(point.threshold)} · `}
            {`${formatNumber(point.falsePositiveRate)} / ${formatNumber(point.recall)}`}
          </text>
        </g>
      )}
    </svg>
  );
}

type Scale = (rate: number) => number;

function path(roc: readonly RocPoint[], x: Scale, y: Scale): string {
  const points = [{ falsePositiveRate: 0, recall: 0 }, ...roc, { falsePositiveRate: 1, recall: 1 }];
  return points
    .map(
      ({ falsePositiveRate, recall }, index) =>
        `${index === 0 ? 'M' : 'L'}${x(falsePositiveRate).toFixed(1)} ${y(recall).toFixed(1)}`,
    )
    .join('');
}

function nearest(roc: readonly RocPoint[], rate: number): RocPoint | undefined {
  return roc.reduce<RocPoint | undefined>(
    (best, point) =>
      best === undefined || Math.abs(point.falsePositiveRate - rate) < Math.abs(best.falsePositiveRate - rate) ? point : best,
    undefined,
  );
}
