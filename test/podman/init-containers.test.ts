import { podmanSuites } from '../support/podman-suites.ts';

await podmanSuites(['init-containers'], { images: ['alpine'] });
