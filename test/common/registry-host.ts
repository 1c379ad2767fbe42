/** A process with a registry over the D1 and R2 in a folder, which ends with its parent. */
import { startLocalRegistry } from '../../scripts/local-registry.ts';

const registry = await startLocalRegistry({ persist: process.argv[2]! });
// Without process.exit: miniflare still removes its own folder then.
process.once('disconnect', () => registry.stop());
process.send!(registry.url.href);
