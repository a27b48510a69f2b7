import { Place } from './call-site.ts';
import type { Channel } from './channel.ts';
import { initContainerEntry, type InitContainer } from './init-container.ts';
import { durationMs, type TaskSettings, withPlatformItem } from './task-settings.ts';
import { reportProblem } from './trace.ts';

/** A name that may be decided when the pipeline runs. */
export type Name = string | Channel<string>;
export type Arrangement = (pod: KubernetesSettings) => KubernetesSettings;

/** The parts of a pod that a task can ask for; each returns a new set of settings. */
export class KubernetesSettings {
  readonly settings: TaskSettings;

  constructor(settings: TaskSettings) {
    this.settings = settings;
  }

  /** A PersistentVolumeClaim at a path in the container. */
  mountVolume(volume: Name, options: { readonly path: string; readonly subPath?: string }): KubernetesSettings {
    const { path: mountPath, subPath } = options;
    return this.#item('pvcMount', { pvcNameParameter: volume, mountPath, ...(subPath === undefined ? {} : { subPath }) });
  }

  /** Keys of a secret as environment variables: `{ KEY: 'VARIABLE' }`. */
  secretEnv(
    secret: Name,
    variables: Readonly<Record<string, string>>,
    options: { readonly optional?: boolean } = {},
  ): KubernetesSettings {
    const keyToEnv = Object.entries(variables).map(([secretKey, envVar]) => ({ secretKey, envVar }));
    return this.#item('secretAsEnv', { secretNameParameter: secret, keyToEnv, optional: options.optional ?? false });
  }

  secretVolume(secret: Name, options: { readonly path: string; readonly optional?: boolean }): KubernetesSettings {
    const { path: mountPath, optional = false } = options;
    return this.#item('secretAsVolume', { secretNameParameter: secret, mountPath, optional });
  }

  configMapEnv(
    configMap: Name,
    variables: Readonly<Record<string, string>>,
    options: { readonly optional?: boolean } = {},
  ): KubernetesSettings {
    const keyToEnv = Object.entries(variables).map(([configMapKey, envVar]) => ({ configMapKey, envVar }));
    return this.#item('configMapAsEnv', { configMapNameParameter: configMap, keyToEnv, optional: options.optional ?? false });
  }

  configMapVolume(configMap: Name, options: { readonly path: string; readonly optional?: boolean }): KubernetesSettings {
    const { path: mountPath, optional = false } = options;
    return this.#item('configMapAsVolume', { configMapNameParameter: configMap, mountPath, optional });
  }

  /** An empty folder that lives as long as the step; `medium: 'Memory'` keeps it in memory. */
  emptyDir(
    volumeName: string,
    options: { readonly path: string; readonly medium?: 'Memory'; readonly size?: string },
  ): KubernetesSettings {
    const { path: mountPath, medium, size } = options;
    return this.#item('emptyDirMounts', {
      volumeName,
      mountPath,
      ...(medium === undefined ? {} : { medium }),
      ...(size === undefined ? {} : { sizeLimit: size }),
    });
  }

  /** A volume that is made for the step and deleted with it. */
  ephemeralVolume(volumeName: string, options: EphemeralVolumeOptions): KubernetesSettings {
    const { path: mountPath, accessModes, size, storageClass, labels, annotations } = options;
    const metadata = { ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) };
    return this.#item('genericEphemeralVolume', {
      volumeName,
      mountPath,
      accessModes,
      size,
      ...(storageClass === undefined ? { defaultStorageClass: true } : { storageClassName: storageClass }),
      ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
    });
  }

  /** A larger `/dev/shm`. */
  sharedMemory(options: { readonly volumeName?: string; readonly size?: string } = {}): KubernetesSettings {
    const { volumeName = 'shm', size = '' } = options;
    return this.#with({ enabledSharedMemory: { volumeName, ...(size === '' ? {} : { size }) } });
  }

  /** A fact about the pod as environment variable: `metadata.name`, `spec.nodeName`, … */
  fieldEnv(name: string, fieldPath: string): KubernetesSettings {
    return this.#item('fieldPathAsEnv', { name, fieldPath });
  }

  label(key: string, value: string): KubernetesSettings {
    return this.#metadata('labels', key, value);
  }

  annotation(key: string, value: string): KubernetesSettings {
    return this.#metadata('annotations', key, value);
  }

  /** Only nodes with this label; or a dict of labels from a channel. */
  nodeSelector(label: { readonly key: string; readonly value: string } | Channel<object>): KubernetesSettings {
    if (!('key' in label)) return this.#with({ nodeSelector: { nodeSelectorJson: label } });
    const before = this.settings.platform['nodeSelector'] as { readonly labels?: object } | undefined;
    return this.#with({ nodeSelector: { labels: { ...before?.labels, [label.key]: label.value } } });
  }

  toleration(toleration: Toleration | Channel<object>): KubernetesSettings {
    if ('ref' in toleration) return this.#item('tolerations', { tolerationJson: toleration });
    const { tolerationSeconds, ...rest } = toleration;
    return this.#item('tolerations', {
      ...rest,
      ...(tolerationSeconds === undefined ? {} : { tolerationSeconds: String(tolerationSeconds) }),
    });
  }

  nodeAffinity(affinity: NodeAffinity | Channel<object>): KubernetesSettings {
    return this.#item('nodeAffinity', 'ref' in affinity ? { nodeAffinityJson: affinity } : { ...affinity });
  }

  podAffinity(affinity: PodAffinity): KubernetesSettings {
    return this.#item('podAffinity', { ...affinity });
  }

  /** Near other pods is `podAffinity`; this keeps away from them. */
  podAntiAffinity(affinity: PodAffinity): KubernetesSettings {
    return this.#item('podAffinity', { ...affinity, anti: true });
  }

  imagePullSecrets(...secrets: readonly Name[]): KubernetesSettings {
    return secrets.reduce<KubernetesSettings>(
      (pod, secret) => pod.#item('imagePullSecret', { secretNameParameter: secret }),
      this,
    );
  }

  imagePullPolicy(policy: 'Always' | 'Never' | 'IfNotPresent'): KubernetesSettings {
    return this.#with({ imagePullPolicy: policy });
  }

  securityContext(context: {
    readonly runAsUser?: number;
    readonly runAsGroup?: number;
    readonly runAsNonRoot?: boolean;
  }): KubernetesSettings {
    const asText = (value: number | undefined, key: string) => (value === undefined ? {} : { [key]: String(value) });
    return this.#with({
      securityContext: {
        ...asText(context.runAsUser, 'runAsUser'),
        ...asText(context.runAsGroup, 'runAsGroup'),
        ...(context.runAsNonRoot === undefined ? {} : { runAsNonRoot: context.runAsNonRoot }),
      },
    });
  }

  /** Runs before the step, in the order they are added; with `restartPolicy: 'Always'` beside it. */
  initContainer(container: InitContainer): KubernetesSettings {
    const others = (this.settings.platform['initContainers'] ?? []) as readonly InitContainer[];
    const entry = initContainerEntry(container, others);
    return entry === undefined ? this : this.#item('initContainers', entry);
  }

  /** Whole seconds count; `"90s"`, `"2h"` or milliseconds. */
  timeout(duration: string | number): KubernetesSettings {
    const ms = durationMs(duration);
    if (ms === undefined || ms < 1000) {
      reportProblem(new Place(), `timeout "${duration}" is not a duration of at least a second`, 'write "90s", "5m" or "2h"');
      return this;
    }
    return this.#with({ activeDeadlineSeconds: String(Math.ceil(ms / 1000)) });
  }

  #metadata(kind: 'labels' | 'annotations', key: string, value: string): KubernetesSettings {
    const before = (this.settings.platform['podMetadata'] ?? {}) as Readonly<Record<string, object>>;
    return this.#with({ podMetadata: { ...before, [kind]: { ...before[kind], [key]: value } } });
  }

  #item(key: string, item: Record<string, unknown>): KubernetesSettings {
    return new KubernetesSettings(withPlatformItem(this.settings, key, item));
  }

  #with(entries: Readonly<Record<string, unknown>>): KubernetesSettings {
    return new KubernetesSettings({ ...this.settings, platform: { ...this.settings.platform, ...entries } });
  }
}

export interface EphemeralVolumeOptions {
  readonly path: string;
  readonly accessModes: readonly string[];
  readonly size: string;
  /** Default: the cluster's default class. */
  readonly storageClass?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: 'Equal' | 'Exists';
  readonly value?: string;
  readonly effect?: 'NoExecute' | 'NoSchedule' | 'PreferNoSchedule';
  readonly tolerationSeconds?: number;
}

export interface MatchExpression {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  readonly values?: readonly string[];
}

export interface NodeAffinity {
  readonly matchExpressions?: readonly MatchExpression[];
  readonly matchFields?: readonly MatchExpression[];
  /** With a weight it is a preference, without one a condition. */
  readonly weight?: number;
}

export interface PodAffinity {
  readonly matchPodExpressions?: readonly MatchExpression[];
  readonly matchPodLabels?: Readonly<Record<string, string>>;
  readonly topologyKey?: string;
  readonly namespaces?: readonly string[];
  readonly matchNamespaceExpressions?: readonly MatchExpression[];
  readonly matchNamespaceLabels?: Readonly<Record<string, string>>;
  readonly weight?: number;
}
