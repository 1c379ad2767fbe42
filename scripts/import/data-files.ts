/** The files of `data/`: the paths of documents, and how they are written and read. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { Catalog, type PackageSet, Publication, RegistryDocument } from '../../resolver/catalog.ts';
import { canonicalJson } from '../../resolver/digest.ts';
import { documentPath, emptyCatalog, type Named } from '../../resolver/publication.ts';

const dataFolder = new URL('../../data/', import.meta.url);
export const catalogPath = 'catalog.json';

/** JSON with one line for each member of the document, and for each element of a list in it. */
export function formatJson(value: object): string {
  const members = Object.entries(value).map(([key, member]) => {
    const isList = Array.isArray(member) && member.length > 0;
    const json = isList
      ? `[\n${member.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`
      : JSON.stringify(member);
    return `  ${JSON.stringify(key)}: ${json}`;
  });
  return `{\n${members.join(',\n')}\n}\n`;
}

/** JSON in the same lines, with sorted keys in the document and in what it has. */
export function formatSorted(value: object): string {
  return formatJson(JSON.parse(canonicalJson(value)));
}

export interface PublishedDocument {
  document: RegistryDocument;
  /** The day of the publication. */
  day: string;
}

/** Every document of `data/`, in the order of the catalog's log: publishing them in this order makes the same log. */
export async function loadDocuments(): Promise<PublishedDocument[]> {
  const log = await loadLog();
  return Promise.all(log.map(async (entry) => ({ document: await loadDocument(entry), day: entry.day })));
}

/** Every package set of `data/`, in the same order. */
export async function loadSets(): Promise<PackageSet[]> {
  return (await loadDocuments()).flatMap(({ document }) => (document.kind === 'set' ? document : []));
}

/** The catalog of `data/`; before the first import, one without entries. */
export async function loadCatalog(): Promise<Catalog> {
  const text = await readData(catalogPath);
  return text === undefined ? emptyCatalog : Catalog.parse(JSON.parse(text));
}

/** The catalog's log alone: its schema never changes, while that of the rest may. */
export async function loadLog(): Promise<Publication[]> {
  const text = await readData(catalogPath);
  return text === undefined ? [] : Publication.array().parse(JSON.parse(text).log);
}

export async function loadDocument(named: Named): Promise<RegistryDocument> {
  const path = documentPath(named);
  const text = await readData(path);
  if (text === undefined) throw new Error(`data/${path} is missing: npm run data:import writes it`);
  const document = JSON.parse(text);
  RegistryDocument.parse(document);
  // As it is written: the schema has another order of members.
  return document;
}

/** The kinds of what `npm run mirror`, `npm run evidence` and `npm run data:advisories` write. */
const MADE = ['files', 'evidence', 'advisories'] as const;
type Made = Extract<RegistryDocument, { kind: (typeof MADE)[number] }>;

export function isMade(document: RegistryDocument): document is Made {
  return (MADE as readonly string[]).includes(document.kind);
}

export async function loadAllMade(): Promise<Made[]> {
  return (await Promise.all(MADE.map(loadMade))).flat();
}

/** The documents of one of these kinds that were written, published or not. */
export async function loadMade<Kind extends Made['kind']>(
  kind: Kind,
): Promise<Extract<Made, { kind: Kind }>[]> {
  const names = (await readdir(new URL(`${kind}/`, dataFolder)).catch(() => [])).sort();
  const paths = names.filter((name) => /\d.*\.json$/.test(name));
  const documents = paths.map((name) => loadDocument({ kind, name: name.slice(0, -'.json'.length) }));
  return (await Promise.all(documents)) as Extract<Made, { kind: Kind }>[];
}

/** The text of a file of `data/`, or undefined if there is none. */
export async function readData(path: string): Promise<string | undefined> {
  try {
    return await readFile(new URL(path, dataFolder), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a file of `data/`, and says whether that changed it. */
export async function writeData(path: string, text: string): Promise<'same' | 'written'> {
  const file = new URL(path, dataFolder);
  const outcome = (await readData(path)) === text ? 'same' : 'written';
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, text);
  return outcome;
}
