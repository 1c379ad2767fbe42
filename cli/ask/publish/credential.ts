/** The credential of a publication: a token, or in a job of GitHub Actions, the identity of the job. */
import { isLoopback } from '../../../resolver/client/address.ts';
import { connectionIssue } from '../../../resolver/client/connection-issue.ts';
import { misused, outOfReach } from '../../common/failure.ts';

const TOKEN = 'PINWHEEL_TOKEN';
const TIMEOUT_MS = 30_000;

/** @param address of the registry. An identity is valid for this registry only */
export async function credentialOf(address: string): Promise<string> {
  const {
    PINWHEEL_TOKEN: token,
    ACTIONS_ID_TOKEN_REQUEST_URL: url,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer,
  } = process.env;
  if (!address.startsWith('https:') && !isLoopback(address)) {
    throw misused(`${address} is not https, so that others could read the token.`, 'Give its https address.');
  }
  if (token) return token.trim();
  if (url && bearer) return identityOf(url, bearer, new URL(address).origin);
  const job = 'A job of GitHub Actions needs none: give it permissions: id-token: write.';
  throw misused('Publishing needs a token.', `Set ${TOKEN} to a token that npm run access made. ${job}`);
}

async function identityOf(url: string, bearer: string, audience: string): Promise<string> {
  const asked = new URL(url);
  asked.searchParams.set('audience', audience);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(asked, { headers: { authorization: `Bearer ${bearer}` }, signal });
    const answer = (await response.json().catch(() => null)) as { value?: unknown } | null;
    if (typeof answer?.value === 'string') return answer.value;
    throw new Error(`GitHub answered with status ${response.status}, and no identity`);
  } catch (cause) {
    const reason = signal.aborted ? `no answer within ${TIMEOUT_MS / 1000} s` : connectionIssue(cause);
    throw outOfReach(
      `The job could not get an identity: ${reason}.`,
      `Run it again, or set ${TOKEN}.`,
      cause,
    );
  }
}
