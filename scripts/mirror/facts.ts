/** What follows from the bytes of pinned files, as documents of the kind `files`. */
import { FilesDocument, type Member, type PackageSet, type SeenFile } from '../../resolver/catalog.ts';
import { describedIn } from '../../resolver/wheels/files.ts';
import { isWheel, readMetadata } from '../../resolver/wheels/read-metadata.ts';
import {
  loadDocuments,
  loadFilesDocuments,
  loadLog,
  type PublishedDocument,
  writeData,
} from '../import/data-files.ts';
import { publishDocuments } from '../import/publish-documents.ts';
import { readSources } from '../import/sources.ts';

/** @param bytes that are pinned */
export async function seenFile({ sha256, filename }: Member, bytes: Uint8Array): Promise<SeenFile> {
  const size = bytes.length;
  const unknown = { summary: null, license: null, home_page: null };
  if (!isWheel(filename)) return { sha256, size, ...unknown };
  const metadata = await readMetadata(size, async (offset, length) => bytes.slice(offset, offset + length));
  return { sha256, size, ...(metadata.ok ? describedIn(new TextDecoder().decode(metadata.bytes)) : unknown) };
}

/** The set's next document, with what the one before it has; null if there is nothing new. */
export function filesDocument(
  { flag, packages }: PackageSet,
  seen: ReadonlyMap<string, SeenFile>,
  before: readonly SeenFile[],
): FilesDocument | null {
  const known = new Map(before.map((file) => [file.sha256, file]));
  const pinned = new Set(packages.map(({ sha256 }) => sha256));
  const files = [...pinned].flatMap((sha256) => known.get(sha256) ?? seen.get(sha256) ?? []);
  if (files.length === known.size) return null;
  const day = new Date().toISOString().slice(0, 10);
  return FilesDocument.parse({ kind: 'files', set: flag, day, files });
}

/** Writes documents into `data/files/`, and publishes them into `data/catalog.json`. */
export async function record(made: readonly FilesDocument[]): Promise<void> {
  const others = (await loadDocuments()).map(({ document }: PublishedDocument) => document);
  const files = new Map((await loadFilesDocuments()).map((document) => [nameOf(document), document]));
  for (const document of made) files.set(nameOf(document), document);
  const log = (await loadLog()).slice(0, (await readSources()).deployed);
  const documents = [...others.filter(({ kind }) => kind !== 'files'), ...files.values()];
  const data = await publishDocuments(documents, log);
  for (const [path, text] of data.files) await writeData(path, text);
}

const nameOf = ({ set, day }: FilesDocument) => `${set}.${day}`;
