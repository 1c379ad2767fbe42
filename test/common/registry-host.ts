/** A process with a registry, which ends with its parent. */
import { startLocalRegistry } from '../../scripts/local-registry.ts';

const registry = await startLocalRegistry();
process.once('disconnect', () => registry.stop().finally(() => process.exit()));
process.send!(registry.url.href);
