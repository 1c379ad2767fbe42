/** The storage that publishing needs, as bound to the Worker. */
export interface PublishingStorage {
  DB: D1Database;
  STORE: R2Bucket;
}
