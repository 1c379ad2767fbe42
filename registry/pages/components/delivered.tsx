import { deliveryText } from '../../../resolver/compatibility/delivery.ts';
import type { Delivery } from '../../../resolver/index.ts';
import type { MemberKind } from '../../../resolver/schemas.ts';
import { Sentence } from './sentence.tsx';

const OTHERS: Record<Exclude<MemberKind, 'package'>, string> = {
  standard_library: 'with the runtime, like all of the standard library',
  shared_library: 'with the Pyodide that loads it, never in python_modules',
};

/** How a member of a set reaches a Worker, after a label; by default, how packages do. */
export function Delivered({ delivery, kind = 'package' }: { delivery: Delivery; kind?: MemberKind }) {
  return <Sentence text={kind === 'package' ? deliveryText(delivery) : OTHERS[kind]} />;
}
