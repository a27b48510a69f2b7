import type { CatalogueStore, PipelineRow, PipelineVersionRow } from '../catalogue-store.ts';
import { pipelineRecord, pipelineRow, type SqlRecord, versionRecord, versionRow } from '../catalogue-records.ts';
import { inTransaction } from './commit.ts';
import { listWith } from './list-queries.ts';
import { rowTable } from './row-table.ts';
import type { Session } from './session.ts';
import type { Answers } from './sqlite-catalogue.ts';

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

export function pipelineCatalogue(session: Session): Answers<Pick<CatalogueStore, Names>> {
  const { database } = session;
  const pipelines = pipelineTable(session);
  const versions = versionTable(session);
  const findPipeline = database.prepare('select * from pipelines where namespace = ? and name = ?');
  const newestVersion = database.prepare(
    'select * from pipeline_versions where pipeline_id = ? order by created_at_ms desc, pipeline_version_id desc limit 1',
  );
  const clearDefault = database.prepare('update pipelines set default_version_id = null where pipeline_id = ?');
  const forgetDefault = database.prepare('update pipelines set default_version_id = null where default_version_id = ?');
  const deleteVersions = database.prepare('delete from pipeline_versions where pipeline_id = ?');
  const insertVersion = (row: PipelineVersionRow) => {
    versions.insert(row);
    clearDefault.run(row.pipelineId);
  };
  return {
    insertPipeline: (row, firstVersion) =>
      inTransaction(session, true, () => {
        pipelines.insert(row);
        if (firstVersion) insertVersion(firstVersion);
      }),
    getPipeline: pipelines.get,
    findPipeline: ({ namespace, name }) => {
      const record = findPipeline.get(namespace, name);
      return record && pipelineRow(record as SqlRecord);
    },
    listPipelines: listWith(session, { list: 'pipelines', selectFrom: '* from pipelines', toRow: pipelineRow }),
    updatePipeline: (row) => inTransaction(session, true, () => pipelines.update(row)),
    deletePipeline: (pipelineId) =>
      inTransaction(session, true, () => {
        deleteVersions.run(pipelineId);
        pipelines.delete(pipelineId);
      }),
    insertVersion: (row) => inTransaction(session, true, () => insertVersion(row)),
    getVersion: versions.get,
    newestVersion: (pipelineId) => {
      const record = newestVersion.get(pipelineId);
      return record && versionRow(record as SqlRecord);
    },
    listVersions: listWith(session, { list: 'pipeline_versions', selectFrom: '* from pipeline_versions', toRow: versionRow }),
    updateVersion: (row) => inTransaction(session, true, () => versions.update(row)),
    deleteVersion: (versionId) =>
      inTransaction(session, true, () => {
        forgetDefault.run(versionId);
        versions.delete(versionId);
      }),
  };
}

function pipelineTable(session: Session) {
  return rowTable<PipelineRow>(session, {
    table: 'pipelines',
    id: 'pipeline_id',
    toRecord: pipelineRecord,
    toRow: pipelineRow,
    taken: ({ name }) => `The name ${name} already exist. Please specify a new name`,
    example: {
      pipelineId: '',
      namespace: '',
      name: '',
      displayName: '',
      description: '',
      createdAtMs: 0,
      tags: {},
      defaultVersionId: null,
    },
  });
}

function versionTable(session: Session) {
  return rowTable<PipelineVersionRow>(session, {
    table: 'pipeline_versions',
    id: 'pipeline_version_id',
    toRecord: versionRecord,
    toRow: versionRow,
    taken: ({ name, pipelineId }) => `The pipeline version ${name} of pipeline ${pipelineId} already exist. Specify a new name`,
    example: {
      pipelineVersionId: '',
      pipelineId: '',
      name: '',
      displayName: '',
      description: '',
      createdAtMs: 0,
      codeSourceUrl: '',
      packageUrl: '',
      tags: {},
      kind: 'pipeline',
      specDigest: '',
      templateDigest: '',
    },
  });
}
