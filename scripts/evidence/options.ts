/** The command line of `npm run evidence`. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EvidenceDocument } from '../../resolver/evidence.ts';
import { orUsage } from '../options.ts';
import { npmCache, root } from '../root.ts';

const USAGE = `npm run evidence   run packages, and write what was seen into data/evidence/

  -- --from FOLDER     a folder of pinned files, also in folders below it; several are possible
                       (default: PINNED_WHEELS)
     --set FLAG        a package flag, or the file of a set; several are possible
                       (default: those of data/evidence/)
     --ground GROUND   pyodide: npm's Pyodide in Node (default); build: a built Worker on workerd
     --package NAME    only this package, and write nothing; several are possible
     --verify          run a sample of ten again, and compare it with data/evidence/; write nothing
     --jobs NUMBER     how many run at once (default: one for each core)
     --minutes NUMBER  begin nothing after so long; the same command goes on from there
                       (default: 30 for build)
     --seconds NUMBER  the most that a package may take (default: 120)
     --memory MIB      the most memory that Python may have (default: 512)
     --to FOLDER       write there instead of into data/evidence/
     --cache FOLDER    where Pyodide, files and results are kept (default: .cache/evidence)`;

const MIB = 1 << 20;
const BUILD_MINUTES = '30';
const NO_END = '999999';

export const options = orUsage(USAGE, () => {
  const { values } = parseArgs({
    options: {
      from: { type: 'string', multiple: true },
      set: { type: 'string', multiple: true },
      ground: { type: 'string', default: 'pyodide' },
      package: { type: 'string', multiple: true },
      verify: { type: 'boolean', default: false },
      jobs: { type: 'string', default: String(availableParallelism()) },
      minutes: { type: 'string' },
      seconds: { type: 'string', default: '120' },
      memory: { type: 'string', default: '512' },
      to: { type: 'string', default: join(root, 'data/evidence') },
      cache: { type: 'string' },
    },
  });
  const ground = EvidenceDocument.shape.ground.parse(values.ground);
  const { PINNED_WHEELS } = process.env;
  const { minutes = ground === 'build' ? BUILD_MINUTES : NO_END, ...given } = values;
  return {
    ...given,
    ground,
    from: given.from ?? (PINNED_WHEELS ? [PINNED_WHEELS] : []),
    jobs: positive('jobs', given.jobs),
    minutes: positive('minutes', minutes),
    seconds: positive('seconds', given.seconds),
    cache: given.cache ?? join(root, '.cache/evidence'),
    /** The folder of npm's archives. */
    tarballs: given.cache === undefined ? npmCache : join(given.cache, 'npm'),
    /** In bytes. */
    memory: positive('memory', given.memory) * MIB,
  };
});

function positive(name: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new Error(`--${name} is a number, not ${JSON.stringify(text)}`);
}
