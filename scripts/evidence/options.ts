/** The command line of `npm run evidence`. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { wholeNumber } from '../../cli/common/failure.ts';
import { EvidenceDocument } from '../../resolver/evidence.ts';
import { canonicalName } from '../../resolver/requirements/name.ts';
import { orUsage } from '../command.ts';
import { npmCache, root } from '../root.ts';

const USAGE = `npm run evidence   run packages, and write what was seen into data/evidence/

  -- --from FOLDER     a folder of pinned files, also in folders below it; several are possible
                       (default: PINNED_WHEELS)
     --set FLAG        a package flag, or the file of a set; several are possible
                       (default: those of data/evidence/)
     --ground GROUND   pyodide: npm's Pyodide in Node (default); build: a built Worker on
                       workerd, of which nothing begins after 30 minutes
     --package NAME    only this package, and write nothing; several are possible
     --verify          run a sample of ten again, and compare it with data/evidence/; write nothing
     --jobs NUMBER     how many run at once (default: one for each core)
     --seconds NUMBER  the most that a package may take (default: 120)
     --memory MIB      the most memory that Python may have (default: 512)
     --to FOLDER       write there instead of into data/evidence/
     --cache FOLDER    where Pyodide, files and results are kept (default: .cache/evidence)`;

const MIB = 1 << 20;
const MOST = 999_999;

export const options = orUsage(USAGE, () => {
  const { values } = parseArgs({
    options: {
      from: { type: 'string', multiple: true },
      set: { type: 'string', multiple: true },
      ground: { type: 'string', default: 'pyodide' },
      package: { type: 'string', multiple: true, default: [] },
      verify: { type: 'boolean', default: false },
      jobs: { type: 'string', default: String(availableParallelism()) },
      seconds: { type: 'string', default: '120' },
      memory: { type: 'string', default: '512' },
      to: { type: 'string', default: join(root, 'data/evidence') },
      cache: { type: 'string' },
    },
  });
  const ground = EvidenceDocument.shape.ground.safeParse(values.ground);
  if (!ground.success) throw new Error(`--ground is pyodide or build, not ${values.ground}`);
  const { PINNED_WHEELS } = process.env;
  const { cache } = values;
  return {
    ...values,
    ground: ground.data,
    package: values.package.map(canonicalName),
    from: values.from ?? (PINNED_WHEELS ? [PINNED_WHEELS] : []),
    jobs: wholeNumber('--jobs', values.jobs, MOST),
    seconds: wholeNumber('--seconds', values.seconds, MOST),
    cache: cache ?? join(root, '.cache/evidence'),
    /** The folder of npm's archives. */
    tarballs: cache === undefined ? npmCache : join(cache, 'npm'),
    /** In bytes. */
    memory: wholeNumber('--memory', values.memory, MOST) * MIB,
  };
});
