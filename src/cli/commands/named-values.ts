import { resolve } from 'node:path';
import { ProductError } from '../../base/errors.ts';
