/** Signed notes and checkpoints: the example of the specification, and changed ones. */
import { expect, test } from 'vitest';
import { base64 } from '../../../resolver/bytes.ts';
import {
  formatProof,
  generateNoteKey,
  openCheckpoint,
  openNote,
  readProof,
  readSigner,
  readVerifier,
  signCheckpoint,
  signNote,
} from '../../../resolver/log/note.ts';

/** The example of Go's golang.org/x/mod/sumdb/note, which other implementations use too. */
const GO_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_NOTE =
  'If you think cryptography is the answer to your problem,\nthen you don’t know what your problem is.\n\n' +
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

test("Go's example verifies with its key only", async () => {
  expect(await openNote(GO_NOTE.replace('don’t', "don't"), (await readVerifier(GO_KEY))!)).toContain(
    'problem',
  );
  expect(await readVerifier(GO_KEY.replace('c74f20a3', 'c74f20a4'))).toBeNull();
});

test('a checkpoint verifies with its key, but not with any character changed', async () => {
  const { signing, verifying } = await generateNoteKey('registry.example/log');
  const [signer, verifier] = [(await readSigner(signing))!, (await readVerifier(verifying))!];
  const root = new Uint8Array(32).fill(7);
  const signed = Date.UTC(2026, 10, 22);
  const note = await signCheckpoint({ size: 20_852, root }, signer, signed);
  expect(await openCheckpoint(note, verifier)).toEqual({
    origin: 'registry.example/log',
    size: 20_852,
    root,
    signed,
    key: verifying,
  });
  for (const at of Array.from(note).keys()) {
    const changed = Array.from(note)
      .with(at, note[at] === 'A' ? 'B' : 'A')
      .join('');
    if (changed !== note) expect(await openCheckpoint(changed, verifier), `${at}`).toBeNull();
  }
  const other = (await readVerifier((await generateNoteKey('registry.example/log')).verifying))!;
  expect(await openCheckpoint(note, other)).toBeNull();
  expect(
    await openCheckpoint(note.replace('\n\n', '\n\n— witness.example AAAAAAAA\n'), verifier),
  ).not.toBeNull();
});

test('a key follows another one only if both have signed that', async () => {
  const [old, next, stranger] = await Promise.all(
    ['registry.example/log', 'registry.example/log', 'registry.example/log'].map(generateNoteKey),
  );
  const root = new Uint8Array(32).fill(7);
  const [key, newest] = [(await readVerifier(old!.verifying))!, (await readVerifier(next!.verifying))!];
  const sign = async (text: string) => signCheckpoint({ size: 1, root }, (await readSigner(text))!);
  const note = await sign(`${next!.signing} ${old!.signing}`);
  expect((await openCheckpoint(note, key))?.key).toBe(next!.verifying);
  expect((await openCheckpoint(note, newest))?.key).toBe(next!.verifying);
  // Anybody can add a signature; but not to the text.
  const own = await sign(old!.signing);
  const signature = (await sign(stranger!.signing)).split('\n\n')[1]!;
  expect((await openCheckpoint(own + signature, key))?.key).toBe(old!.verifying);
  const unsigned = note.split('\n').filter((line) => !line.startsWith(`— ${newest.name}`));
  const [first, second] = note.split('\n').filter((line) => line.startsWith('— '));
  const lacking = [...unsigned.slice(0, -1), second, ''].join('\n');
  expect((await openCheckpoint(lacking, key))?.key).toBe(old!.verifying);
  expect(await openCheckpoint([...unsigned.slice(0, -1), first, ''].join('\n'), key)).toBeNull();
  const other = await generateNoteKey('other.example/log');
  expect(await readSigner(`${other.signing} ${old!.signing}`)).toBeNull();
});

test('a checkpoint of a log that writes no time, or other lines too, is read', async () => {
  const { signing, verifying } = await generateNoteKey('registry.example/log');
  const [signer, verifier] = [(await readSigner(signing))!, (await readVerifier(verifying))!];
  const root = new Uint8Array(32).fill(7);
  const read = async (...lines: string[]) => {
    const text = ['registry.example/log', '1', base64(root), ...lines, ''].join('\n');
    return (await openCheckpoint(await signNote(text, signer), verifier))?.signed;
  };
  expect(await read()).toBeNull();
  expect(await read('time soon', 'timeout 7')).toBeNull();
  expect(await read('something else', 'time 1700000000')).toBe(1_700_000_000_000);
});

test('a proof is read as it was written', () => {
  const proof = { index: 3, hashes: [new Uint8Array(32).fill(1)], checkpoint: 'a\n1\nb\n\n— a b\n' };
  expect(readProof(formatProof(proof))).toEqual(proof);
  expect(readProof(formatProof(proof).replace('index 3', 'index 03'))).toBeNull();
  expect(readProof(formatProof(proof).replace('@v1', '@v2'))).toBeNull();
});

test('names with spaces or a plus are not names of keys', async () => {
  await expect(generateNoteKey('a b')).rejects.toThrow('name');
  await expect(generateNoteKey('a+b')).rejects.toThrow('name');
  expect(await readSigner('PRIVATE+KEY+x')).toBeNull();
});
