import { formatNumber } from './axis.ts';
import { accuracyOf, areaUnder, type Classification } from './classification.ts';
import { ConfusionChart } from './confusion-chart.tsx';
import { RocChart } from './roc-chart.tsx';
import classes from './artifact.module.css';

/** What a classifier is worth: its ROC curve and its confusion matrix. */
export function ClassificationView({ classification: { roc, confusion } }: { readonly classification: Classification }) {
  if (roc.length === 0 && confusion === undefined) return <p className="muted">No curve and no matrix were logged.</p>;
  return (
    <div className={classes['charts']}>
      {roc.length > 0 && (
        <figure>
          <figcaption>
            ROC curve <span className="muted">area under it {formatNumber(areaUnder(roc))}</span>
          </figcaption>
          <RocChart curves={[{ name: 'ROC', roc }]} />
        </figure>
      )}
      {confusion && (
        <figure>
          <figcaption>
            Confusion matrix <span className="muted">accuracy {formatNumber(accuracyOf(confusion))}</span>
          </figcaption>
          <ConfusionChart matrix={confusion} />
        </figure>
      )}
    </div>
  );
}
