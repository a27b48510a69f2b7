import type { Schemas } from '../message.ts';
import type { Routes } from '../route.ts';

export const FRONTEND_MESSAGES = { Empty: {} } as const satisfies Schemas;

/**
 * What KFP's web frontend asks of the server in front of the API, a table: with these paths its static build works against this
 * server as it is. All answer by themselves.
 */
export const FRONTEND_ROUTES = {
  Frontend_GetArtifact: {
    method: 'GET',
    path: '/artifacts/get',
    query: { source: 'string', bucket: 'string', key: 'string', peek: 'int32', providerInfo: 'string', namespace: 'string' },
    reply: 'Empty',
    access: 'runs:readArtifact',
    form: 'raw',
    summary: 'The bytes of an object; the first ones with `peek`',
  },
  Frontend_GetPodLogs: {
    method: 'GET',
    path: '/k8s/pod/logs',
    query: { podname: 'string', runid: 'string', podnamespace: 'string', createdat: 'string' },
    reply: 'Empty',
    access: 'runs:get',
    form: 'raw',
    summary: 'What a task has printed',
  },
  Frontend_GetPod: {
    method: 'GET',
    path: '/k8s/pod',
    query: { podname: 'string', podnamespace: 'string' },
    reply: 'Empty',
    access: 'runs:get',
    form: 'raw',
    summary: 'A task in the shape of a pod',
  },
  Frontend_ListPodEvents: {
    method: 'GET',
    path: '/k8s/pod/events',
    query: { podname: 'string', podnamespace: 'string' },
    reply: 'Empty',
    access: 'runs:get',
    form: 'raw',
    summary: 'What happened to a task in the shape of events of a pod',
  },
  Frontend_AreVisualizationsAllowed: {
    method: 'GET',
    path: '/visualizations/allowed',
    reply: 'Empty',
    access: 'open',
    form: 'raw',
    summary: 'Whether Python visualisations can be made: no',
  },
  Frontend_GetTensorboard: {
    method: 'GET',
    path: '/apps/tensorboard',
    query: { logdir: 'string', namespace: 'string' },
    reply: 'Empty',
    access: 'viewers:get',
    form: 'raw',
    summary: 'Where a TensorBoard is: nowhere',
  },
  Frontend_CreateTensorboard: {
    method: 'POST',
    path: '/apps/tensorboard',
    query: { logdir: 'string', namespace: 'string' },
    reply: 'Empty',
    access: 'viewers:create',
    form: 'raw',
    summary: 'Starts a TensorBoard, which this server does not do',
  },
  Frontend_GetSystemFact: {
    method: 'GET',
    path: '/system/{fact}',
    reply: 'Empty',
    access: 'open',
    form: 'raw',
    summary: 'Facts of a cluster, which there is none of',
  },
  Metadata_Call: {
    method: 'POST',
    path: '/ml_metadata.MetadataStoreService/{method}',
    reply: 'Empty',
    access: 'runs:list',
    form: 'raw',
    summary: 'ML Metadata by gRPC-Web, for reading: runs, tasks and artifacts as contexts, executions and artifacts',
  },
} as const satisfies Routes;
