import { podmanSuites } from '../support/podman-suites.ts';

// Podman makes no volumes in memory for a container: they are on its disk, without a size.
const except = /memory that an init container fills/;
await podmanSuites(['init-containers'], { images: ['alpine', 'busybox'], except });
