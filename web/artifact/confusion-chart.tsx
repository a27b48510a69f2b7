import { formatCount } from '../base/format.ts';
import type { ConfusionMatrix } from './classification.ts';
import classes from './artifact.module.css';

/** How often each label was taken for each: a table, darker where there is more of a row. */
export function ConfusionChart({ matrix: { labels, rows } }: { readonly matrix: ConfusionMatrix }) {
  return (
    <div className={classes['confusionScroll']} tabIndex={0} role="region" aria-label="Confusion matrix">
      <table className={classes['confusion']}>
        <thead>
          <tr>
            <td />
            <th scope="colgroup" colSpan={labels.length}>
              Predicted
            </th>
          </tr>
          <tr>
            <th scope="col" className={classes['corner']}>
              True
            </th>
            {labels.map((label) => (
              <th key={label} scope="col" title={label}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => {
            const total = row.reduce((sum, count) => sum + count, 0);
            return (
              <tr key={labels[index]}>
                <th scope="row" title={labels[index]}>
                  {labels[index]}
                </th>
                {row.map((count, at) => (
                  <td
                    key={at}
                    title={`${labels[index]} taken for ${labels[at]}: ${count} of ${total}`}
                    style={shade(total === 0 ? 0 : count / total, at === index)}
                  >
                    {formatCount(count)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** What is right in one colour, what is wrong in another; text stays readable on both. */
function shade(share: number, isRight: boolean) {
  const percent = Math.round(share * (isRight ? 46 : 60));
  return {
    background: `color-mix(in srgb, ${isRight ? 'var(--accent-solid)' : 'var(--failed)'} ${percent}%, var(--bg-raised))`,
    color: 'var(--text)',
  };
}
