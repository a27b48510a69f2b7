import { ProductError } from '../base/errors.ts';

/**
 * The disk of the store is full: nothing of the batch was written. Somebody will free some space, and then the same batch can be
 * written (store.ts I2).
 */
export class StoreFull extends ProductError {
  constructor(database: string, cause: unknown) {
    super('UNAVAILABLE', `the database ${database} cannot be written to: the disk is full`, {
      hint: 'free some space: nothing that was recorded is lost',
      cause,
    });
  }
}
