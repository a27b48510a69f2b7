import { useState } from 'react';
import { Select } from '../ui/field.tsx';
import { ClassificationView } from './classification-view.tsx';
import { accuracyOf, areaUnder, type Slice } from './classification.ts';
import { formatNumber } from './axis.ts';
import { curveColor, RocChart } from './roc-chart.tsx';
import classes from './artifact.module.css';

/** More curves in one chart cannot be told apart. */
const MAX_CURVES = 6;

/** Classification metrics of parts of the data: all in one chart, each by itself. */
export function SlicedView({ slices }: { readonly slices: readonly Slice[] }) {
  const [at, setAt] = useState(0);
  if (slices.length === 0) return <p className="muted">No slices were logged.</p>;
  const curves = slices.filter(({ roc }) => roc.length > 0).slice(0, MAX_CURVES);
  return (
    <div className={classes['stack']}>
      <div className={classes['charts']}>
        {curves.length > 1 && (
          <figure>
            <figcaption>ROC curves of the slices</figcaption>
            <RocChart curves={curves} />
          </figure>
        )}
        <table className={classes['slices']} aria-label="Slices">
          <thead>
            <tr>
              <th scope="col">Slice</th>
              <th scope="col">Area under the curve</th>
              <th scope="col">Accuracy</th>
            </tr>
          </thead>
          <tbody>
            {slices.map((slice) => {
              const curve = curves.indexOf(slice);
              return (
                <tr key={slice.name}>
                  <th scope="row">
                    <i style={{ background: curve < 0 ? 'transparent' : curveColor(curve) }} />
                    {slice.name}
                  </th>
                  <td>{slice.roc.length > 0 ? formatNumber(areaUnder(slice.roc)) : '–'}</td>
                  <td>{slice.confusion ? formatNumber(accuracyOf(slice.confusion)) : '–'}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <div className={classes['sliceChoice']}>
        <Select
          aria-label="Slice"
          value={String(at)}
          onChange={(event) => setAt(Number(event.target.value))}
          options={slices.map(({ name }, index) => ({ value: String(index), label: name }))}
        />
      </div>
      <ClassificationView classification={slices[at]!} />
    </div>
  );
}
