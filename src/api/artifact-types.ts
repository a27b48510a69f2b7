/** Types of artifacts that Kubeflow Pipelines itself has, the general one last; pipelines may have others of their own. */
export const ARTIFACT_TYPES = [
  'system.Dataset',
  'system.Model',
  'system.Metrics',
  'system.ClassificationMetrics',
  'system.SlicedClassificationMetrics',
  'system.HTML',
  'system.Markdown',
  'system.Artifact',
] as const;
