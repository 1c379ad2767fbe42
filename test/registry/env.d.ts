declare namespace Cloudflare {
  interface Env {
    /** Read by vitest.config.ts, applied by setup.ts. */
    MIGRATIONS: import('cloudflare:test').D1Migration[];
    /** Set for `npm run test:all`. */
    TEST_ALL?: string;
  }
}
