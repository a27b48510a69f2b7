import type { ImageFacts } from '../../docker/images.ts';
import type { TaskError } from '../../model/outcome.ts';
import type { TaskLaunch } from '../executor.ts';
import { inputError } from '../platform-env.ts';

/** Root, by any of its names. */
export function isRoot(user: string): boolean {
  return ['', 'root', '0'].includes(user.split(':')[0]!);
}

/** Neither root nor us: what it writes to has to be open to all. */
export function isForeign(user: string, ours: string | undefined): boolean {
  return !isRoot(user) && user !== ours;
}

export type ChosenUser =
  | { readonly kind: 'user'; readonly user: string | undefined }
  | { readonly kind: 'failed'; readonly error: TaskError };

/**
 * Who a step runs as: whom its security context names, else whom the image names. `ours`: our own user, instead of root, so that
 * we can read and remove what steps write; undefined where root in a container does no harm (we are root, or it is not root).
 */
export function chooseUser(
  { platform, image: name }: Pick<TaskLaunch, 'platform' | 'image'>,
  image: ImageFacts,
  ours: string | undefined,
): ChosenUser {
  const { runAsUser, runAsGroup, runAsNonRoot } = platform.securityContext ?? {};
  const imageUser = image.user.split(':')[0] || '0';
  const asked =
    runAsUser === undefined && runAsGroup === undefined
      ? undefined
      : `${runAsUser ?? imageUser}${runAsGroup === undefined ? '' : `:${runAsGroup}`}`;
  const user = asked ?? (isRoot(image.user) ? ours : undefined);
  if (!runAsNonRoot || !isRoot(user ?? image.user)) return { kind: 'user', user };
  const error = inputError(`the step must not run as root (runAsNonRoot), and the image "${name}" does`);
  return { kind: 'failed', error: { ...error, hint: 'give runAsUser as well, or an image with a USER of its own' } };
}
