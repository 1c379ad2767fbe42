/** The earliest and the latest date that satisfy several requirements, against whole answers at every date. */
import { expect, test } from 'vitest';
import type { PreparedSet } from '../../../resolver/closure/prepare.ts';
import { answerResolve as resolve } from '../../../resolver/closure/resolve.ts';
import type { ResolveSource } from '../../../resolver/closure/source.ts';
import { targetSpans } from '../../../resolver/time/targets.ts';
import { datesTogether } from '../../../resolver/time/together.ts';
import { AS_OF, pinsOnly, prepared, source, view } from './data.ts';

/** Its pins say whether sets have all that they need, so that none is opened. */
const telling: ResolveSource = {
  ...pinsOnly,
  tellsWhole: true,
  readPins: async (names) => {
    const pins = [...(await source.readPins(names))];
    const isWhole = (name: string, { index, whole }: PreparedSet) => whole[index.get(name)!]!;
    return new Map(
      pins.map(([name, known]) => [
        name,
        known.map((pin) => ({ ...pin, whole: isWhole(name, prepared.get(pin.flag)!) })),
      ]),
    );
  },
};

test.each([
  [['numpy>=2', 'pydantic>=2.10'], '2025-09-29', AS_OF, []],
  [['fastapi', 'langchain'], '2000-01-01', '2026-09-07', ['langchain']],
  [['langchain', 'polars'], null, null, []],
  // Pinned by the first set and the last.
  [['numpy-tests'], '2000-01-01', AS_OF, []],
])('%j: from %s to %s', async (requirements, from, to, ending) => {
  const outcome = await datesTogether(view, { as_of: AS_OF, requirements }, source);
  if (!outcome.ok) throw new Error(outcome.issues[0]!.message);
  expect(await datesTogether(view, { as_of: AS_OF, requirements }, telling)).toEqual(outcome);
  expect(outcome.value && [outcome.value.from, outcome.value.to, outcome.value.ending]).toEqual(
    from === null ? null : [from, to, ending],
  );
  const spans = targetSpans(view, { as_of: AS_OF });
  if (!spans.ok) throw new Error('no date has a target');
  const inside: boolean[] = [];
  for (const span of spans.value) {
    const question = { compatibility_date: span.from, compatibility_flags: ['python_workers'], as_of: AS_OF };
    const answer = await resolve(view, { ...question, requirements, index: null }, source);
    const isInside = outcome.value !== null && span.from >= outcome.value.from && span.to <= outcome.value.to;
    if (isInside) inside.push(answer.ok);
    else expect([span.from, answer.ok]).toEqual([span.from, false]);
  }
  expect([inside.at(0), inside.at(-1)]).toEqual(from === null ? [undefined, undefined] : [true, true]);
  expect(outcome.value?.always ?? true).toBe(!inside.includes(false));
});
