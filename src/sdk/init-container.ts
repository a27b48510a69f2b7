import { Place } from './call-site.ts';
import { reportProblem } from './trace.ts';

/** A container of the step's pod that ends before the step's own is started, or, as a sidecar, runs beside it. */
export interface InitContainer {
  /** One of its own within the task. */
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  /** `$(NAME)` stands for a variable that was named before. */
  readonly env?: Readonly<Record<string, string>>;
  /** Paths by the names of the task's volumes: a claim's, a secret's, or that of an empty folder. */
  readonly volumeMounts?: Readonly<Record<string, string>>;
  /** `Always` makes it a sidecar. */
  readonly restartPolicy?: 'Always';
  readonly resources?: {
    /** Cores: `2`, `"500m"`. */
    readonly cpu?: string | number;
    readonly cpuLimit?: string | number;
    /** Bytes with a suffix: `"512Mi"`, `"4G"`. */
    readonly memory?: string | number;
    readonly memoryLimit?: string | number;
  };
}

/** KFP's launcher has this one. */
const RESERVED = 'kfp-launcher';

/** The entry of the platform settings (kubernetes_executor_config.proto, InitContainer), if Kubernetes would take it. */
export function initContainerEntry(
  container: InitContainer,
  others: readonly { readonly name?: string }[],
): Record<string, unknown> | undefined {
  const { name, image, command = [], args = [], env = {}, volumeMounts = {}, restartPolicy, resources = {} } = container;
  const refuse = (message: string, hint: string): undefined => reportProblem(new Place(), message, hint) as undefined;
  if (!name) return refuse('an init container has no name', 'give it a name of its own');
  if (name === RESERVED) return refuse(`no init container can be called ${RESERVED}`, 'KFP has one of that name; choose another');
  if (others.some((other) => other.name === name))
    return refuse(`there are two init containers "${name}"`, 'give each a name of its own');
  if (!image) return refuse(`the init container "${name}" has no image`, "name one: image: 'busybox:1.36'");
  if (restartPolicy !== undefined && (restartPolicy as string) !== 'Always')
    return refuse(
      `the restart policy of "${name}" is "${String(restartPolicy)}"`,
      'leave it out, or write "Always" for a sidecar',
    );
  for (const [volume, path] of Object.entries(volumeMounts))
    if (!path.startsWith('/')) return refuse(`"${name}" mounts "${volume}" at "${path}"`, 'write an absolute path: /data');
  const requests = quantities({ cpu: resources.cpu, memory: resources.memory });
  const limits = quantities({ cpu: resources.cpuLimit, memory: resources.memoryLimit });
  return {
    name,
    image,
    ...(command.length > 0 ? { command } : {}),
    ...(args.length > 0 ? { args } : {}),
    ...listIf(
      'env',
      Object.entries(env).map(([key, value]) => ({ name: key, value })),
    ),
    ...listIf(
      'volumeMounts',
      Object.entries(volumeMounts).map(([volumeName, mountPath]) => ({ volumeName, mountPath })),
    ),
    ...(restartPolicy === undefined ? {} : { restartPolicy }),
    ...(requests || limits ? { resources: { ...(limits && { limits }), ...(requests && { requests }) } } : {}),
  };
}

function listIf(key: string, list: readonly unknown[]) {
  return list.length > 0 ? { [key]: list } : {};
}

function quantities(asked: Readonly<Record<string, string | number | undefined>>): Record<string, string> | undefined {
  const given = Object.entries(asked).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)] as const]));
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}
