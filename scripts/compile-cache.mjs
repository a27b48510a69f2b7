// Keeps compiled modules between starts: start-up of the whole program falls to a third (docs/decisions).
import { enableCompileCache } from 'node:module';
enableCompileCache();
