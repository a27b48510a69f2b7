import type { CatalogueStore, PipelineRow, PipelineVersionRow } from '../catalogue-store.ts';
import { PIPELINE, PIPELINE_VERSION } from '../catalogue-records.ts';
import type { SqlDialect } from './dialect.ts';
import { pagesOf } from './pages.ts';
import { rowTable } from './row-table.ts';
import { durably, execute, first, reading, type Script, type Scripted } from './script.ts';

type Names =
  | 'insertPipeline'
  | 'getPipeline'
  | 'findPipeline'
  | 'listPipelines'
  | 'updatePipeline'
  | 'deletePipeline'
  | 'insertVersion'
  | 'getVersion'
  | 'newestVersion'
  | 'listVersions'
  | 'updateVersion'
  | 'deleteVersion';

const PIPELINES = rowTable<PipelineRow>({
  table: 'pipelines',
  id: 'pipeline_id',
  ...PIPELINE,
  taken: ({ name }) => `The name ${name} already exist. Please specify a new name`,
});

const VERSIONS = rowTable<PipelineVersionRow>({
  table: 'pipeline_versions',
  id: 'pipeline_version_id',
  ...PIPELINE_VERSION,
  taken: ({ name, pipelineId }) => `The pipeline version ${name} of pipeline ${pipelineId} already exist. Specify a new name`,
});

const NEWEST =
  'select * from pipeline_versions where pipeline_id = ? order by created_at_ms desc, pipeline_version_id desc limit 1';

export function pipelineScripts(dialect: SqlDialect): Scripted<Pick<CatalogueStore, Names>> {
  return {
    insertPipeline: durably(function* insertPipeline(row, firstVersion) {
      yield* PIPELINES.insert(row);
      if (firstVersion) yield* insertVersion(firstVersion);
    }),
    getPipeline: reading(PIPELINES.get),
    findPipeline: reading(({ namespace, name }) =>
      first(PIPELINE.toRow, 'select * from pipelines where namespace = ? and name = ?', namespace, name),
    ),
    listPipelines: reading(pagesOf(dialect, { list: 'pipelines', select: '*', table: 'pipelines', toRow: PIPELINE.toRow })),
    updatePipeline: durably(PIPELINES.update),
    deletePipeline: durably(function* deletePipeline(pipelineId) {
      yield* execute('delete from pipeline_versions where pipeline_id = ?', pipelineId);
      yield* PIPELINES.delete(pipelineId);
    }),
    insertVersion: durably(insertVersion),
    getVersion: reading(VERSIONS.get),
    newestVersion: reading((pipelineId) => first(PIPELINE_VERSION.toRow, NEWEST, pipelineId)),
    listVersions: reading(
      pagesOf(dialect, { list: 'pipeline_versions', select: '*', table: 'pipeline_versions', toRow: PIPELINE_VERSION.toRow }),
    ),
    updateVersion: durably(VERSIONS.update),
    deleteVersion: durably(function* deleteVersion(versionId) {
      yield* execute('update pipelines set default_version_id = null where default_version_id = ?', versionId);
      yield* VERSIONS.delete(versionId);
    }),
  };
}

function* insertVersion(row: PipelineVersionRow): Script<void> {
  yield* VERSIONS.insert(row);
  yield* execute('update pipelines set default_version_id = null where pipeline_id = ?', row.pipelineId);
}
