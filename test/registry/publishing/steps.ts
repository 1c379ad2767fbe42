/** Storage whose every operation is a step, and faults at one of them. */
import { env } from 'cloudflare:workers';
import type { Bindings } from '../../../registry/env.ts';

export type Fault = 'before' | 'after' | 'hang' | 'twice';
export const FAULTS: Fault[] = ['before', 'after', 'hang', 'twice'];

export type Step = (what: string, work: () => Promise<unknown>) => Promise<unknown>;

/** What only makes another object to ask. */
const MAKERS = ['withSession', 'prepare', 'bind'];

/** Storage of which every operation is a step: also those of statements, of parts, and of what was found. */
export function stepped(step: Step): Bindings {
  /** Statements as they are: a batch takes no others. */
  const bare = new WeakMap<object, object>();
  const bareOf = (given: unknown): unknown =>
    Array.isArray(given) ? given.map(bareOf) : (bare.get(given as object) ?? given);
  const wrap = <Target extends object>(target: Target, name: string): Target => {
    const wrapped = new Proxy(target, {
      get(of, key) {
        const member = Reflect.get(of, key) as unknown;
        if (typeof member !== 'function') return member;
        const what = `${name}.${String(key)}`;
        return (...args: unknown[]) => {
          const work = () => (member as (...given: unknown[]) => unknown).apply(of, args.map(bareOf));
          if (MAKERS.includes(String(key))) return wrap(work() as object, what);
          return step(what, async () => work()).then((found) => (isAsked(found) ? wrap(found, what) : found));
        };
      },
    });
    bare.set(wrapped, target);
    return wrapped;
  };
  return { ...env, DB: wrap(env.DB, 'D1'), STORE: wrap(env.STORE, 'R2') };
}

/** Whether something of R2 has bytes, or takes them. */
function isAsked(found: unknown): found is object {
  return typeof found === 'object' && found !== null && ('arrayBuffer' in found || 'uploadPart' in found);
}

/** Injects a fault at the n-th step; `reached` says whether there was such a step. */
export function failing(fault: Fault, at: number) {
  let steps = 0;
  const state = { reached: false, what: '', hung: () => {} };
  const hung = new Promise<void>((resolve) => (state.hung = resolve));
  const step: Step = async (what, work) => {
    // Who hangs is gone.
    if (state.reached && fault === 'hang') return new Promise(() => {});
    if (steps++ !== at) return work();
    state.reached = true;
    state.what = what;
    if (fault === 'before') throw new Error(`${what} failed`);
    if (fault === 'hang') {
      state.hung();
      return new Promise(() => {});
    }
    const done = await work();
    if (fault === 'after') throw new Error(`the answer of ${what} was lost`);
    // Delivered twice: the second time must have no effect, and may fail.
    await work().catch(() => {});
    return done;
  };
  return { step, state, hung };
}
