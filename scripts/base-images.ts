/**
 * Base images for tests, made from packages of the distribution instead of a registry of images: a busybox of one file, and a Debian
 * with Python, pip and kfp. They stand in for the images pipelines name; a name that is taken on this machine is left alone.
 */
import { fillBusybox, fillFromPython, fillModel, fillPython } from './fill-images.ts';
import { importImage, VERSION } from './image-archives.ts';
import { buildNodeImage } from './node-image.ts';
import { docker } from './run-program.ts';

/** What pipelines of the years before name; its own requirements do not keep it from a urllib3 it cannot work with. */
const OLD_KFP = ['kfp==2.0.0b16', 'urllib3<2'];
const PULL_TIMEOUT_MS = 120_000;

interface BaseImage {
  readonly name: string;
  /** The names it goes by in tests and pipelines. */
  readonly tags: readonly string[];
  /** What public pipelines name, and it is good enough for. */
  readonly standIns: readonly string[];
  /** Makes it under this name; false if it cannot be done here. */
  readonly make: (tag: string) => boolean;
}

const PYTHON_TAGS = ['3.9', '3.10', '3.11', '3.12', '3.9-slim', '3.11-slim', '3.12-slim'];

const PYTHON_CHANGES = [
  'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'ENV LANG=C.UTF-8',
  'CMD ["python3"]',
];

const BASE_IMAGES: readonly BaseImage[] = [
  {
    name: 'busybox',
    tags: ['alpine:latest', 'busybox:latest', 'busybox:1.36'],
    standIns: ['alpine:3.23', 'ghcr.io/containerd/busybox:latest'],
    make: (tag) => importImage(tag, { name: 'busybox', changes: ['ENV PATH=/bin:/usr/bin', 'CMD ["sh"]'], fill: fillBusybox }),
  },
  {
    name: 'python',
    tags: PYTHON_TAGS.map((tag) => `python:${tag}`),
    standIns: [
      'registry.access.redhat.com/ubi9/python-311:latest',
      'public.ecr.aws/docker/library/python:3.12',
      'library/bash:latest',
      'python:alpine3.9',
    ],
    make: (tag) => importImage(tag, { name: 'python', changes: PYTHON_CHANGES, fill: fillPython }),
  },
  {
    name: 'old-python',
    tags: [],
    standIns: ['python:3.7', 'python:3.8', 'python:3.7-slim'],
    make: (tag) =>
      importImage(tag, { name: 'old-python', changes: PYTHON_CHANGES, fill: (folder) => fillFromPython(folder, OLD_KFP) }),
  },
  {
    name: 'cloud-sdk',
    tags: [],
    standIns: ['google/cloud-sdk:latest'],
    make: (tag) =>
      importImage(tag, {
        name: 'cloud-sdk',
        changes: PYTHON_CHANGES,
        fill: (folder) => fillFromPython(folder, ['gsutil==5.38']),
      }),
  },
  {
    name: 'modelcar',
    tags: [],
    standIns: ['registry.domain.local/modelcar:test'],
    make: (tag) => importImage(tag, { name: 'modelcar', changes: [], fill: fillModel }),
  },
  { name: 'node', tags: ['node:24', 'node:24-slim'], standIns: [], make: buildNodeImage },
];

/** Sees to the images; returns one line for every one that cannot be had. */
export function haveBaseImages({ standIns }: { readonly standIns: boolean }): string[] {
  return BASE_IMAGES.flatMap((image) => {
    const tags = standIns ? [...image.tags, ...image.standIns] : image.tags;
    const missing = tags.filter((tag) => !docker(['image', 'inspect', tag]));
    if (missing.length === 0) return [];
    const ours = `pipewright-test/${image.name}:${VERSION}`;
    if (!docker(['image', 'inspect', ours]) && !image.make(ours)) {
      // Where a registry of images can be reached and packages cannot be unpacked, the real ones do.
      if (docker(['pull', '-q', missing[0]!], PULL_TIMEOUT_MS)) return [];
      return [`the image ${missing[0]} can neither be made nor pulled here: tests that use it are skipped.`];
    }
    for (const tag of missing) docker(['tag', ours, tag]);
    return [];
  });
}
