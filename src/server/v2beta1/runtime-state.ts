import type { TaskState } from '../../model/states.ts';
import type { V2Message } from './pipeline-messages.ts';

export type RuntimeStateName = NonNullable<V2Message<'PipelineTaskDetail'>['state']>;

/** A task's state in v2beta1, which has no word for what came from the cache. */
export const runtimeState = (state: TaskState): RuntimeStateName => (state === 'CACHED' ? 'SUCCEEDED' : state);
