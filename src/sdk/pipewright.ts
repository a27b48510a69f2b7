/** The package entry `pipewright`: everything a pipeline is written with. The only barrel there is. */
export { component } from './define-component.ts';
export type { Component } from './component.ts';
export { containerComponent } from './component.ts';
export type { FinalStatus, InputArtifact, OutputArtifact } from './function-component.ts';
export { pipeline, type Pipeline } from './pipeline.ts';
export { python } from './python.ts';
export { importer } from './importer.ts';
export { createVolume, deleteVolume } from './volumes.ts';
export { useComponent } from './use-component.ts';
export { collect, exitHandler, forEach, oneOf, when } from './control-flow.ts';
export { and, not, or } from './combine-conditions.ts';
export { Condition } from './condition.ts';
export { text } from './template.ts';
export { concat, ifPresent, run } from './placeholders.ts';
export { ArtifactChannel, ArtifactListChannel, Channel, type Embedded } from './channel.ts';
export { Task } from './task.ts';
export { KubernetesSettings } from './kubernetes.ts';
export {
  Artifact,
  artifactType,
  bool,
  ClassificationMetrics,
  Dataset,
  dict,
  dictOf,
  finalStatus,
  float,
  HTML,
  int,
  list,
  listOf,
  Markdown,
  Metrics,
  Model,
  SlicedClassificationMetrics,
  string,
  taskConfig,
} from './types.ts';
export { ComponentStore } from '../components/component-store.ts';
export { loadComponentFromFile, loadComponentFromText, loadComponentFromUrl } from '../components/load-component.ts';
