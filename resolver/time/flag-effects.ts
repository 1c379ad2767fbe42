/** What switches of flags may do to code. */
import type { FlagSwitch } from './answers.ts';

/** Whether a flag may affect code. One about Python whose effect is not known may. */
export function mayAffectCode({ python, effect }: FlagSwitch): boolean {
  return python && (effect === null || effect.affects === 'code');
}

/** The names of flags about Python whose effects are not known. */
export function unknownFlags(switches: readonly FlagSwitch[]): string[] {
  return switches.flatMap(({ python, effect, flag }) => (python && effect === null ? [flag] : []));
}
