import type { LogStorage } from '../storage/log-files.ts';

/** The storage that publishing needs, as bound to the Worker. */
export interface PublishingStorage extends LogStorage {
  DB: D1Database;
}
