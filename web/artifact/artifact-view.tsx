import type { Native } from '../api/operations.ts';
import { ClassificationView } from './classification-view.tsx';
import { readClassification, readSlices, scalarsOf } from './classification.ts';
import { FileView } from './file-view.tsx';
import { ScalarMetrics } from './scalar-metrics.tsx';
import { SlicedView } from './sliced-view.tsx';

interface ArtifactViewProps {
  readonly artifact: Native<'Artifact'>;
  /** Of an artifact that is a folder: the file that is shown. */
  readonly path?: string | undefined;
  /** On a page of its own: files are listed and shown too, besides what the metadata says. */
  readonly isWhole?: boolean;
}

/** An artifact as what it is: metrics from its metadata, everything else from its files. */
export function ArtifactView({ artifact, path, isWhole = false }: ArtifactViewProps) {
  const metadata = artifact.metadata ?? {};
  switch (artifact.type_name) {
    case 'system.Metrics':
      return <ScalarMetrics scalars={scalarsOf(metadata).filter(({ name }) => name !== 'display_name')} />;
    case 'system.ClassificationMetrics':
      return <ClassificationView classification={readClassification(metadata)} />;
    case 'system.SlicedClassificationMetrics':
      return <SlicedView slices={readSlices(metadata)} />;
    default:
      return <FileView artifact={artifact} path={path} isWhole={isWhole} />;
  }
}
