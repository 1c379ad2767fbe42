/**
 * The globals of workerd that Node lacks: a project may import them from `js` at build time, and use them in events.
 * Memory refers to them by name, so that an instance that starts from it has the real ones.
 */
const FUNCTIONS = [
  'Body',
  'Cache',
  'CacheStorage',
  'ErrorEvent',
  'EventSource',
  'ExtendableEvent',
  'FetchEvent',
  'FixedLengthStream',
  'HTMLRewriter',
  'IdentityTransformStream',
  'PromiseRejectionEvent',
  'ScheduledEvent',
  'ServiceWorkerGlobalScope',
  'TailEvent',
  'TraceEvent',
  'WebSocketPair',
  'WebSocketRequestResponsePair',
  'dispatchEvent',
  'removeEventListener',
  'reportError',
];

const OBJECTS = { Cloudflare: ['compatibilityFlags'], caches: ['default', 'open'], scheduler: ['wait'] };

export function standInForWorker(): void {
  for (const name of FUNCTIONS) define(globalThis, name, standIn(name));
  for (const [name, properties] of Object.entries(OBJECTS)) {
    const object = {};
    for (const property of properties) define(object, property, standIn(`${name}.${property}`));
    define(globalThis, name, object);
  }
}

function define(object: object, name: string, value: object): void {
  if (!(name in object)) Object.defineProperty(object, name, { value, configurable: true, enumerable: true });
}

/** Says why it cannot be used, however it is. */
function standIn(name: string): object {
  return function unavailable() {
    throw new Error(`${name} can be used only while an event is handled, as in fetch, and not at import.`);
  };
}
