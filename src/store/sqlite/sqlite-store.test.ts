import { storeContract } from '../../../test/contract/store.contract.ts';
import { openSqliteStore } from './sqlite-store.ts';

storeContract('SQLite', () => openSqliteStore({ file: ':memory:' }));
