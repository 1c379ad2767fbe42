/** Issues of logs, and of answers that a log is to vouch for. */
import { defineCauses } from './define.ts';

const DO_NOT_TRUST = 'Do not trust its answers, and tell its operator.';
export const ASK_ITS_OPERATOR = 'Ask those who run the registry what happened to it.';

/** The fix for a registry that was set up anew. `folder` is the cache of registries. */
export const toTrustAnew = (folder: string): string => ` To trust this log from now on, remove ${folder}.`;

export const logBroken = /* @__PURE__ */ defineCauses('unanswerable', 'log_broken', {
  no_bundle: ['{url} is not a bundle of {entries:number} entries.', DO_NOT_TRUST],
  other_tile: ['{url} does not match the hashes of the entries.', DO_NOT_TRUST],
  other_tree: ['The entries of the log do not form the tree that {url} signs.', DO_NOT_TRUST],
  empty: ['{url} signs a log without publications.', ASK_ITS_OPERATOR],
  /** `trusted`: what to remove to trust the log from now on. */
  shorter: ({ seen, size, trusted }: { seen: number; size: number; trusted: string }) => [
    `The log had ${seen} publications when it was last seen, and now has ${size}.`,
    ASK_ITS_OPERATOR + toTrustAnew(trusted),
  ],
  not_continued: ({ seen, trusted }: { seen: number; trusted: string }) => [
    `The log does not continue the one that was seen before: its first ${seen} publications are others.`,
    ASK_ITS_OPERATOR + toTrustAnew(trusted),
  ],
  wrong_digest: ['The document at {url} has the wrong digest.', DO_NOT_TRUST],
  no_publication: ['Entry {revision:number} of the log is not a publication.', DO_NOT_TRUST],
  unknown_kind: [
    'Revision {revision:number} is of the kind {kind:quoted}, which this version of pinwheel cannot replay.',
    'Update pinwheel. Answers can be used all the same: clients skip what they do not know.',
  ],
  no_document: ['The document of revision {revision:number} is not a registry document.', DO_NOT_TRUST],
  /** `entry`: the kind and the name of what was published. */
  wrong_field: [
    'Revision {revision:number} ({entry}) has the wrong {field} for its document: {stated} instead of {made}.',
    DO_NOT_TRUST,
  ],
  other_catalog: ['{url} does not match the documents of the log.', DO_NOT_TRUST],
  other_package_data: ['{file} does not match the documents next to it.', 'Install pinwheel again.'],
});

const ASK_AGAIN = 'Do not rely on it: ask again.';

/** An answer that is not the one that the log vouches for. */
export const answerDisproved = /* @__PURE__ */ defineCauses('unanswerable', 'answer_disproved', {
  other_digest: [
    'The answer is not proven. Its digest of revision {revision:number} is {digest}, but the log has {logged}.',
    ASK_AGAIN,
  ],
  /** `member`: the first one that the revision does not give. */
  other_answer: [
    'The answer is not proven. Revision {revision:number} does not give its {member}.',
    ASK_AGAIN,
  ],
  repeated_member: ['The answer is not proven. One of its objects has the same member twice.', ASK_AGAIN],
  no_proof: ['The answer is not proven. {file} is not a proof of a transparency log.', ASK_AGAIN],
  unsigned_checkpoint: [
    'The answer is not proven. The checkpoint in {file} is not signed by {key}.',
    ASK_AGAIN,
  ],
  proof_of_another: [
    'The answer is not proven. {file} does not prove that revision {revision:number} is in the log.',
    ASK_AGAIN,
  ],
});
