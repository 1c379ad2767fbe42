/** A process that publishes what `data/` holds into D1 and R2 in a folder, and ends. */
import { startLocalRegistry } from '../../scripts/local-registry.ts';

const registry = await startLocalRegistry({ persist: process.argv[2]! });
await registry.stop();
