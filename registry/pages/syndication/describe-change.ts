import { isPythonFlag } from '../../../resolver/compatibility/workerd.ts';
import { GROUNDS } from '../../../resolver/evidence-words.ts';
import type { Catalog, Publication } from '../../../resolver/index.ts';
import { baseFlagOf, publisherOf } from '../../../resolver/provenance.ts';
import type { CatalogEvidence, CatalogFlag, CatalogYank } from '../../../resolver/schemas.ts';
import { flagEffects } from '../../facts/flag-effects.ts';
import { packagePath, setPath } from '../components/addresses.ts';

/** Further flags are counted, not named. */
const MOST_NAMED = 40;

export interface Change {
  title: string;
  /** The path of the page about the change. */
  path: string;
  lines: string[];
}

/** Describes a publication's changes; of flags, those about Python come first. */
export function describeChange(publication: Publication, catalog: Catalog): Change {
  const { kind, name, revision } = publication;
  const yank = catalog.yanks.find((entry) => entry.revision === revision);
  switch (kind) {
    case 'set':
      return describeSet(name, revision, catalog);
    case 'workerd':
      return describeWorkerd(name, revision, catalog);
    case 'python': {
      const python = catalog.pythons.find((fact) => fact.revision === revision);
      const lines = python ? [`First released on ${python.first_release}.`] : [];
      const title = `Python ${name}${python ? ` is supported until ${python.supported_until}` : ''}`;
      return { title, path: '/runtimes', lines };
    }
    case 'yank':
      return describeYank(`Yanked: ${name}`, yank);
    case 'correction':
      return describeAdded('Corrected', publication, catalog);
    case 'announcement':
      return describeAdded('Announced', publication, catalog);
    case 'files': {
      const set = name.slice(0, name.lastIndexOf('.'));
      return { title: `Sizes of files of ${set}`, path: setPath(set), lines: ['Their bytes were seen.'] };
    }
    case 'evidence':
      return describeEvidence(revision, catalog);
    case 'advisories': {
      const lines = [
        'What applies to today’s package set, and which newer set pins a fixed version, is on the page.',
      ];
      const [day, from] = name.split('.');
      const beyond = from === undefined ? '' : `, packages beyond the sets from ${from} on`;
      return { title: `Known vulnerabilities as of ${day}${beyond}`, path: '/security', lines };
    }
    case 'withdrawal': {
      const announced = catalog.log[Number(name) - 1];
      return describeYank(`Withdrawn: what was announced of ${announced?.name} in revision ${name}`, yank);
    }
  }
}

function describeEvidence(revision: number, { evidence }: Catalog): Change {
  const row = evidence.find((entry) => entry.revision === revision)!;
  const { set, tested, imported, failures } = row;
  return {
    title: `Evidence of ${set}: ${tested.length + imported.length} packages and modules imported`,
    path: '/evidence',
    lines: [
      `${placeOf(row)}: ${tested.length} tested.`,
      ...failures.map(({ error, names }) => `${names.join(', ')}: ${error}`),
    ],
  };
}

const placeOf = ({ ground, runtime, day }: CatalogEvidence) =>
  `${GROUNDS[ground]}, Pyodide ${runtime}, on ${day}`;

/** The packages that the evidence before a revision had imported, and this one not, each with what is said of it. */
export function stoppedImporting(revision: number, { evidence }: Catalog): (Change & { name: string })[] {
  return evidence.flatMap((row) => {
    if (row.revision !== revision) return [];
    const { set, ground, tested, imported, failures } = row;
    const before = evidence.filter(
      (other) => other.withdrawn === revision && other.set === set && other.ground === ground,
    );
    const now = new Set([...tested, ...imported]);
    const gone = before
      .flatMap((other) => [...other.tested, ...other.imported])
      .filter((name) => !now.has(name));
    return gone.sort().map((name) => {
      const error = failures.find(({ names }) => names.includes(name))?.error ?? 'it did not run';
      const title = `${name} is no longer imported in ${set}`;
      return { name, title, path: packagePath(name, set), lines: [`${placeOf(row)}: ${error}`] };
    });
  });
}

function describeYank(title: string, yank: CatalogYank | undefined): Change {
  if (!yank) return { title, path: '/flags', lines: [] };
  const { subject, sha256, reason, from } = yank;
  const lines = [reason, ...(sha256 === null ? [`From ${from} on, it is not a default.`] : [])];
  return { title, path: sha256 === null ? setPath(subject) : '/sets', lines };
}

/** A correction or an announcement is described by what it adds to the catalog. */
function describeAdded(verb: string, publication: Publication, catalog: Catalog): Change {
  const { sets: set, pythons: python, yanks: yank, seen: files } = catalog;
  const tables = { set, python, yank, files };
  const kind = (Object.keys(tables) as (keyof typeof tables)[]).find((name) =>
    tables[name].some(({ revision }) => revision === publication.revision),
  );
  const change = describeChange({ ...publication, kind: kind ?? 'workerd' }, catalog);
  return { ...change, title: `${verb}: ${change.title}` };
}

function describeSet(flag: string, revision: number, { sets }: Catalog): Change {
  const set = sets.find((entry) => entry.revision === revision);
  const base = set ? baseFlagOf(set.source) : null;
  const lines = set
    ? [
        `It pins ${set.package_count} files for Python ${set.python} and Pyodide ${set.runtime}, published by ${publisherOf(set.source)}.`,
        set.default_from === null
          ? `Only its package flag selects it.`
          : `It is the default of ABI ${set.abi} from the compatibility date ${set.default_from} on.`,
        ...(base === null ? [] : [`It is ${base} with some wheels replaced by patched ones.`]),
      ]
    : [];
  return { title: `Package set ${flag}`, path: setPath(flag), lines };
}

function describeWorkerd(version: string, revision: number, { flags, releases }: Catalog): Change {
  const added = flags
    .filter((flag) => flag.revision === revision)
    .sort((a, b) => Number(isPythonFlag(b)) - Number(isPythonFlag(a)));
  const before = new Map(
    flags.filter(({ withdrawn }) => withdrawn === revision).map((flag) => [flag.field, flag]),
  );
  const fresh = added.filter(({ field }) => !before.has(field));
  const changed = added.filter(({ field }) => before.has(field));
  const fields = new Set(added.map(({ field }) => field));
  const gone = [...before.values()].filter(({ field }) => !fields.has(field));
  const runtimes = releases.filter((release) => release.revision === revision);
  return {
    title: `workerd ${version}: ${fresh.length} new flags, ${changed.length} changed`,
    path: '/flags',
    lines: [
      ...runtimes.map(
        ({ pyodide, python, workerd_bundle }) => `Pyodide ${pyodide}, Python ${python}: ${workerd_bundle}.`,
      ),
      ...flagLines('New', fresh),
      ...flagLines('Changed', changed),
      ...(gone.length > 0 ? [`Removed: ${gone.map(nameOf).join(', ')}.`] : []),
    ],
  };
}

function flagLines(what: string, flags: readonly CatalogFlag[]): string[] {
  const lines = flags.slice(0, MOST_NAMED).map((flag) => {
    const day = flag.enable_date ?? flag.implied_date;
    const automatic = day === null ? 'never automatic' : `automatic from ${day}`;
    return `${what}: ${nameOf(flag)}, ${automatic}.${isPythonFlag(flag) ? ` ${doesOf(flag)}` : ''}`;
  });
  const more = flags.length - MOST_NAMED;
  return more > 0 ? [...lines, `${what}: ${more} more flags.`] : lines;
}

function doesOf({ field }: CatalogFlag): string {
  return flagEffects.find((effect) => effect.field === field)?.does ?? 'Its effect is not known.';
}

function nameOf({ enable, field }: CatalogFlag): string {
  return enable ?? field;
}
