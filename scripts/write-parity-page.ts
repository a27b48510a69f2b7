// Writes docs/reference/python-sdk.md from src/sdk/parity.ts.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PARITY } from '../src/sdk/parity.ts';
import { parityPage } from '../src/sdk/parity-page.ts';
import { repositoryRoot } from '../test/support/source-files.ts';

const folder = join(repositoryRoot, 'docs', 'reference');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'python-sdk.md'), parityPage(PARITY));
