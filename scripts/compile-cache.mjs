// Keeps compiled modules between starts: start-up of the whole program falls to a third (docs/decisions/20261124-node-from-npm.md).
import { enableCompileCache } from 'node:module';
enableCompileCache();
