/**
 * Signed notes (c2sp.org/signed-note) with Ed25519, and their keys as the transparency logs of Go write them; heads of the
 * log (c2sp.org/tlog-checkpoint), and proofs as files (c2sp.org/tlog-proof).
 */
import { base64, concat, encode, fromBase64, hexOf } from '../bytes.ts';
import { hashOf } from '../digest.ts';
import type { Hash } from './merkle.ts';

interface Subtle {
  importKey(
    format: 'raw' | 'pkcs8',
    key: Uint8Array,
    algorithm: 'Ed25519',
    extractable: boolean,
    uses: string[],
  ): Promise<object>;
  sign(algorithm: 'Ed25519', key: object, bytes: Uint8Array): Promise<ArrayBuffer>;
  verify(algorithm: 'Ed25519', key: object, signature: Uint8Array, bytes: Uint8Array): Promise<boolean>;
  generateKey(
    algorithm: 'Ed25519',
    extractable: boolean,
    uses: string[],
  ): Promise<{ privateKey: object; publicKey: object }>;
  exportKey(format: 'raw' | 'pkcs8', key: object): Promise<ArrayBuffer>;
}

// A global of every host of the resolver.
declare const crypto: { subtle: Subtle };

const ED25519 = 1;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** The prefix of the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410). */
const PKCS8 = Uint8Array.from([
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
]);
const PRIVATE = 'PRIVATE+KEY+';
/** The size limit of a note. It allows sixteen signatures, of which the largest are 5 kB. */
const LONGEST_NOTE = 100_000;

export interface NoteKey {
  name: string;
  /** The first four bytes of a hash of name and key, in hexadecimal. */
  id: string;
  /** 32 bytes. */
  publicKey: Uint8Array;
  /** The key before it, of the same name: what that one has signed counts, too. */
  previous?: NoteKey | undefined;
}

export interface SigningKey extends NoteKey {
  /** 32 bytes. */
  seed: Uint8Array;
  previous?: SigningKey | undefined;
}

/** A pair of new keys, as texts. The name should be a URL without its scheme, and must not have spaces or a plus. */
export async function generateNoteKey(name: string): Promise<{ signing: string; verifying: string }> {
  if (!isName(name))
    throw new Error(`"${name}" is not a name of a key: it has spaces or a plus, or is empty`);
  const { privateKey, publicKey } = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const seed = new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey)).slice(-KEY_BYTES);
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  const id = await keyId(name, raw);
  return {
    signing: `${PRIVATE}${name}+${id}+${base64(concat([Uint8Array.of(ED25519), seed]))}`,
    verifying: verifierText({ name, id, publicKey: raw }),
  };
}

export function verifierText({ name, id, publicKey }: NoteKey): string {
  return `${name}+${id}+${base64(concat([Uint8Array.of(ED25519), publicKey]))}`;
}

export async function readVerifier(text: string): Promise<NoteKey | null> {
  const parts = partsOf(text);
  if (!parts || (await keyId(parts.name, parts.key)) !== parts.id) return null;
  return { name: parts.name, id: parts.id, publicKey: parts.key };
}

/**
 * The key of a text `PRIVATE+KEY+name+id+key`. While a key is replaced, the older one comes after it and a space. Null for
 * another text, and for keys with different names.
 */
export async function readSigner(text: string): Promise<SigningKey | null> {
  const [newest = '', before, ...others] = text.trim().split(/\s+/);
  const key = await signerOf(newest);
  if (before === undefined || key === null) return key;
  const previous = await signerOf(before);
  return previous?.name === key.name && others.length === 0 ? { ...key, previous } : null;
}

async function signerOf(text: string): Promise<SigningKey | null> {
  const parts = text.startsWith(PRIVATE) ? partsOf(text.slice(PRIVATE.length)) : null;
  if (!parts) return null;
  const publicKey = await publicKeyOf(parts.key);
  if (publicKey === null || (await keyId(parts.name, publicKey)) !== parts.id) return null;
  return { name: parts.name, id: parts.id, publicKey, seed: parts.key };
}

/** A text that ends with a newline, signed by a key and the one before it. */
export async function signNote(text: string, key: SigningKey): Promise<string> {
  const lines = [await signatureOf(text, key)];
  if (key.previous) lines.push(await signatureOf(text, key.previous));
  return `${text}\n${lines.join('')}`;
}

async function signatureOf(text: string, { name, id, seed }: SigningKey): Promise<string> {
  const key = await crypto.subtle.importKey('pkcs8', concat([PKCS8, seed]), 'Ed25519', false, ['sign']);
  const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', key, encode(text)));
  return `— ${name} ${base64(concat([bytesOfId(id), signature]))}\n`;
}

/** The text of a note that the key or the one before it has signed, or null. Signatures by other keys are ignored. */
export async function openNote(note: string, key: NoteKey): Promise<string | null> {
  return (await openSigned(note, key)) ?? (key.previous ? openSigned(note, key.previous) : null);
}

async function openSigned(note: string, { name, id, publicKey }: NoteKey): Promise<string | null> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what no note may hold
  if (note.length > LONGEST_NOTE || /[\x00-\x09\x0b-\x1f]/.test(note) || !note.isWellFormed()) return null;
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) return null;
  const text = note.slice(0, end + 1);
  const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
  let isSigned = false;
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const [, signer, encoded] = /^— ([^\s+]+) (\S+)$/.exec(line) ?? [];
    const bytes = encoded === undefined ? null : fromBase64(encoded);
    if (bytes === null || bytes.length < 5) return null;
    if (signer !== name || hexOf(bytes.subarray(0, 4)) !== id) continue;
    const signature = bytes.subarray(4);
    // Some hosts throw for a signature of another length.
    const isWhole = signature.length === SIGNATURE_BYTES;
    if (!isWhole || !(await crypto.subtle.verify('Ed25519', key, signature, encode(text)))) return null;
    isSigned = true;
  }
  return isSigned ? text : null;
}

function partsOf(text: string): { name: string; id: string; key: Uint8Array } | null {
  // The key itself may hold a plus.
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/s.exec(text.trim()) ?? [];
  const key = encoded === undefined ? null : fromBase64(encoded);
  if (name === undefined || id === undefined || !isName(name)) return null;
  if (key?.length !== 1 + KEY_BYTES || key[0] !== ED25519) return null;
  return { name, id, key: key.subarray(1) };
}

const isName = (name: string): boolean => /^[^\s+]+$/u.test(name);

const bytesOfId = (id: string): Uint8Array =>
  Uint8Array.from([0, 2, 4, 6], (at) => Number.parseInt(id.slice(at, at + 2), 16));

async function keyId(name: string, publicKey: Uint8Array): Promise<string> {
  const hashed = concat([encode(`${name}\n`), Uint8Array.of(ED25519), publicKey]);
  return hexOf((await hashOf(hashed)).subarray(0, 4));
}

/** In Web Crypto, only a JSON Web Key gives the public key of a private one. */
async function publicKeyOf(seed: Uint8Array): Promise<Uint8Array | null> {
  const subtle = crypto.subtle as unknown as Subtle & {
    exportKey(format: 'jwk', key: object): Promise<{ x?: string }>;
  };
  const key = await subtle.importKey('pkcs8', concat([PKCS8, seed]), 'Ed25519', true, ['sign']);
  const { x } = await subtle.exportKey('jwk', key);
  return x === undefined ? null : fromBase64(`${x.replaceAll('-', '+').replaceAll('_', '/')}=`);
}

export interface Checkpoint {
  /** The name of the log: a URL without its scheme. */
  origin: string;
  size: number;
  root: Hash;
  /** When it was signed, in milliseconds since 1970; null if it does not say so. */
  signed: number | null;
  /** The key by which the next heads are verified, as `name+id+key`: the given one, or the one that follows it. */
  key: string;
}

/**
 * The head of the key's log, signed. Its time is an extension line, as in cosignatures; no hash depends on it. A key that
 * follows another is another line, so that the one before signs it, too: a signature alone can be added by anybody.
 */
export function signCheckpoint(
  { size, root }: Pick<Checkpoint, 'size' | 'root'>,
  key: SigningKey,
  now = Date.now(),
): Promise<string> {
  const lines = [key.name, size, base64(root), `time ${Math.floor(now / 1000)}`];
  if (key.previous) lines.push(`key ${verifierText(key)}`);
  return signNote(`${lines.join('\n')}\n`, key);
}

/** The head, or null if the key has not signed it, or it is not of the key's log. */
export async function openCheckpoint(note: string, key: NoteKey): Promise<Checkpoint | null> {
  const text = await openNote(note, key);
  const [, origin, digits, encoded, lines = ''] =
    /^(.+)\n(0|[1-9]\d*)\n(\S+)\n((?:.+\n)*)$/.exec(text ?? '') ?? [];
  const size = Number(digits);
  const root = encoded === undefined ? null : fromBase64(encoded);
  if (origin !== key.name || !Number.isSafeInteger(size) || root?.length !== 32) return null;
  const [, seconds] = /^time ([1-9]\d{0,11})$/m.exec(lines) ?? [];
  const [, named = ''] = /^key (\S+)$/m.exec(lines) ?? [];
  const next = await readVerifier(named);
  const isNext = next?.name === key.name && (await openNote(note, next)) !== null;
  return {
    ...{ origin, size, root, signed: seconds === undefined ? null : Number(seconds) * 1000 },
    key: isNext ? named : verifierText(key),
  };
}

/** A proof that an entry is in the log of a checkpoint. */
export interface InclusionProof {
  /** From 0. */
  index: number;
  /** From the entry's neighbour up to below the root. */
  hashes: Hash[];
  /** As it was signed. */
  checkpoint: string;
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';

export function formatProof({ index, hashes, checkpoint }: InclusionProof): string {
  return `${[FIRST_LINE, `index ${index}`, ...hashes.map(base64)].join('\n')}\n\n${checkpoint}`;
}

export function readProof(text: string): InclusionProof | null {
  const end = text.indexOf('\n\n');
  const [first, ...lines] = text.slice(0, Math.max(0, end)).split('\n');
  if (first !== FIRST_LINE) return null;
  if (lines[0]?.startsWith('extra ')) lines.shift();
  const [, digits] = /^index (0|[1-9]\d*)$/.exec(lines.shift() ?? '') ?? [];
  const hashes = lines.map((line) => fromBase64(line));
  if (digits === undefined || !hashes.every((hash) => hash?.length === 32)) return null;
  return { index: Number(digits), hashes: hashes as Hash[], checkpoint: text.slice(end + 2) };
}
