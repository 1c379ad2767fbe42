import { problem } from '../http/problem.ts';

export function noKey(): Response {
  return problem(
    'no_checkpoint',
    'This registry has no key to sign its log with: npm run log:key makes one for the secret LOG_KEY.',
  );
}
