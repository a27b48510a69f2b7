import type { CatalogueStore } from '../catalogue-store.ts';
import { artifactRow } from '../records.ts';
import type { ArtifactRecord } from '../schema.ts';
import { runCatalogueScripts } from './catalogued-runs.ts';
import type { SqlDialect } from './dialect.ts';
import { experimentScripts, recurringRunScripts } from './experiments.ts';
import { pagesOf } from './pages.ts';
import { pipelineScripts } from './pipelines.ts';
import { reading, type Scripted } from './script.ts';

/** The whole catalogue as scripts. */
export function catalogueScripts(dialect: SqlDialect): Scripted<CatalogueStore> {
  return {
    ...pipelineScripts(dialect),
    ...experimentScripts(dialect),
    ...runCatalogueScripts(dialect),
    ...recurringRunScripts(dialect),
    listArtifacts: reading(
      pagesOf(dialect, {
        list: 'artifacts',
        select: '*',
        table: 'artifacts',
        columns: { artifact_id: 'id', type: 'type_name' },
        toRow: (record) => artifactRow(record as unknown as ArtifactRecord),
      }),
    ),
  };
}
