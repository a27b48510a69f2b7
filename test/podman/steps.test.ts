import { podmanSuites } from '../support/podman-suites.ts';

await podmanSuites(['steps'], { images: ['alpine', 'python:3.11'] });
