import { podmanSuites } from '../support/podman-suites.ts';

await podmanSuites(['restart', 'recorded-use'], { images: ['alpine'], except: /control groups at another place/ });
