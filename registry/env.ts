/**
 * Hono's environment. wrangler generates the types of the bindings from wrangler.toml. The others are optional:
 * `RATE_LIMITER` limits how often an address may ask, `LOG_KEY` is the secret that signs the heads of the log,
 * `INDEX_URL` is a package index for questions beyond the set, and `UPSTREAM_HOSTS` the hosts of pinned files. `asker` is
 * no binding: the Worker adds it for each request, if there are limits for those who use the index.
 */
export type Bindings = Cloudflare.Env & {
  RATE_LIMITER?: RateLimit;
  LOG_KEY?: string;
  INDEX_URL?: string;
  UPSTREAM_HOSTS?: string;
  asker?: string | undefined;
};
export type Env = { Bindings: Bindings };

/** The inputs of a handler. Hono's context is one, but creating it takes longer than some answers do. */
export interface Call {
  /** `url` and `method` are those of `raw`, whose getters are slow. */
  req: { raw: Request; url: string; method: string };
  env: Bindings;
  /** `cache` is the one in front of the Worker, if there is one. */
  executionCtx: { waitUntil(work: Promise<unknown>): void; cache?: Pick<CacheContext, 'purge'> };
}
