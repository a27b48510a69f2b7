import type { ArtifactStore } from '../artifacts/artifact-store.ts';
import { ProductError } from '../base/errors.ts';
import type { PipelineDocument } from '../ir/spec.ts';

/**
 * Where a run's artifacts go: where the run itself says, else where its pipeline says if there is a store for it, else where this
 * platform keeps them. Throws INVALID_ARGUMENTS if the run itself names a place that cannot be written to.
 */
export async function choosePipelineRoot(
  artifacts: ArtifactStore,
  { pipelineRoot = '', document }: { readonly pipelineRoot?: string | undefined; readonly document: PipelineDocument },
): Promise<string> {
  await checkPipelineRoot(artifacts, pipelineRoot);
  const wanted = [pipelineRoot, document.pipelineRoot, document.spec.defaultPipelineRoot];
  const usable = wanted.find((root) => root !== undefined && root !== '' && isWritable(artifacts, root));
  return (usable ?? artifacts.defaultPipelineRoot).replace(/\/+$/, '');
}

/** Throws INVALID_ARGUMENTS for a pipeline root that nothing could be written to; "" is none. */
export async function checkPipelineRoot(artifacts: ArtifactStore, root: string): Promise<void> {
  if (root === '' || isWritable(artifacts, root)) return;
  const { why, hint } = await reasonOf(artifacts, root);
  throw new ProductError('INVALID_ARGUMENTS', `the pipeline root ${JSON.stringify(root)} cannot be used: ${why}`, {
    hint: `${hint}; or leave the pipeline root out: artifacts then go to ${artifacts.defaultPipelineRoot}`,
  });
}

const READ_ONLY = /^(https?):\/\//i;
const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;

const isWritable = (artifacts: ArtifactStore, root: string): boolean => artifacts.handles(root) && !READ_ONLY.test(root);

async function reasonOf(artifacts: ArtifactStore, root: string): Promise<{ readonly why: string; readonly hint: string }> {
  const scheme = SCHEME.exec(root)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    return { why: 'it is neither an absolute path nor a URI', hint: 'write it as /folder or s3://bucket/folder' };
  }
  if (READ_ONLY.test(root)) {
    return { why: `${scheme}:// can only be read here`, hint: 'name a folder, or an object store as s3://bucket/folder' };
  }
  // A URI that no store handles goes to the one that knows what would have to be configured; nothing is asked over the network.
  const told = await artifacts.exists(root).catch((error: unknown) => error);
  const { message, hint = 'use an absolute path, or s3://, minio:// or gs://' } =
    told instanceof ProductError && told.code === 'FAILED_PRECONDITION' ? told : { message: 'there is no such store' };
  return { why: `there is no store for ${scheme}:// (${message})`, hint };
}
