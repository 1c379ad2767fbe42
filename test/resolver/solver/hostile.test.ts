/** Indexes that try to keep the solver busy: each has an answer or an error in a bounded number of steps. */
import { describe, expect, test } from 'vitest';
import { ask, makeIndex, type Projects, shortly } from './made-index.ts';

const range = (length: number) => Array.from({ length }, (_, at) => at);
const versionsOf = <Made>(count: number, make: (at: number) => Made) =>
  Object.fromEntries(range(count).map((at) => [`${at}.0`, make(at)]));

/** The pigeonhole principle: a proof needs exponentially many steps. */
function pigeons(count: number): Projects {
  const others = (own: number, place: number) =>
    range(count).flatMap((other) => (other === own ? [] : `p${other}!=${place}.0`));
  return Object.fromEntries(
    range(count).map((own) => [`p${own}`, versionsOf(count - 1, (place) => others(own, place))]),
  );
}

describe('the work of a question is limited', () => {
  test('few pigeons have a proof, many are too hard', async () => {
    const few = await ask(Object.keys(pigeons(5)), pigeons(5));
    expect(shortly(few)).toEqual(['no_solution']);
    const many = await ask(Object.keys(pigeons(14)), pigeons(14), {}, { effort: 300_000 });
    expect(many).toMatchObject({ ok: false, issues: [{ code: 'too_hard', kind: 'unanswerable' }] });
  });

  test('a wheel with thousands of requirements on thousands of versions', async () => {
    const b = versionsOf(3_000, () => []);
    const projects = { a: { '1.0': range(5_000).map((at) => `b>=0.${at}`) }, b };
    const outcome = await ask(['a'], projects, {}, { effort: 1_000_000 });
    expect(shortly(outcome)).toEqual(['too_hard']);
  });

  test('a wheel with too many requirements', async () => {
    const projects = { a: { '1.0': range(5_001).map((at) => `b>=0.${at}`) }, b: { '1.0': [] } };
    await expect(ask(['a'], projects)).rejects.toMatchObject({ name: 'IndexError', code: 'too_large' });
  });

  test('a ring of two thousand packages is an answer', async () => {
    const ring = Object.fromEntries(
      range(2_000).map((at) => [`r${at}`, { '1.0': [`r${(at + 1) % 2_000}>=1`] }]),
    );
    const outcome = await ask(['r0'], ring, {}, { effort: 2_000_000 });
    expect(outcome).toMatchObject({ ok: true, value: { totals: { packages: 2_000 } } });
  });

  test('an endless chain is aborted', async () => {
    const index = makeIndex({});
    const [file] = (await makeIndex({ r: { '1.0': [] } }).versionsOf('r'))!;
    const endless = {
      ...index,
      versionsOf: async (name: string) => [
        { ...file!, filename: `${name}-1.0-py3-none-any.whl`, url: `https://files.example/${name}` },
      ],
      metadataOf: async ({ url }: { url: string }) => {
        const at = Number(url.split('/r')[1]);
        return `Name: r${at}\nVersion: 1.0\nRequires-Dist: r${at + 1}\n`;
      },
    };
    expect(shortly(await ask(['r0'], endless, {}, { effort: 1_000_000 }))).toEqual(['too_hard']);
  });
});

describe('what takes much work, and not too much, is solved', () => {
  test('a chain of which only the oldest versions go together, after all METADATA was read', async () => {
    const length = 100;
    const chain = Object.fromEntries(
      range(length).map((own) => {
        const next = (at: number) =>
          own + 1 < length ? [`c${own + 1}==${at}.0`] : at === 0 ? [] : ['absent'];
        return [`c${own}`, versionsOf(60, next)];
      }),
    );
    const outcome = await ask(['c0'], chain);
    expect(outcome).toMatchObject({ ok: true, value: { totals: { packages: length } } });
  });

  test('a thousand requirements with a hundred versions each, of which the last two conflict', async () => {
    const last = (own: number, at: number) => (own < 998 ? [] : [`z==${(at * 2 + own) % 100}.0`]);
    const wide = Object.fromEntries(
      range(1_000).map((own) => [`w${own}`, versionsOf(100, (at) => last(own, at))]),
    );
    const outcome = await ask(Object.keys(wide), { ...wide, z: versionsOf(100, () => []) });
    expect(shortly(outcome)).toEqual(['no_solution']);
  });
});
